import pytest

from deployment.errors import BadName
from deployment.names import check_name, fill, list_names
from deployment.template_file import read_template
from tests.stack.cloud import read_template as read_with_functions

TEMPLATE = read_template()


def test_longest_name_of_a_stack_is_what_cloudfronts_function_leaves() -> None:
    check_name("a" * 47, "eu-west-1", TEMPLATE)
    with pytest.raises(BadName) as error:
        check_name("a" * 49, "eu-west-1", TEMPLATE)
    assert str(error.value) == (
        f"{'a' * 49} is too long a name for a stack in eu-west-1, by 2: it may have 47 "
        f"characters, as AWS takes at most 64 for {'a' * 49}-eu-west-1-viewer"
    )


def test_longer_name_of_a_region_leaves_less() -> None:
    check_name("a" * 42, "ap-southeast-1", TEMPLATE)
    with pytest.raises(BadName, match="by 1: it may have 42 characters"):
        check_name("a" * 43, "ap-southeast-1", TEMPLATE)


@pytest.mark.parametrize("name", ["", "1st", "-a", "a_b", "a.b", "ä"])
def test_name_that_no_stack_can_have_is_told(name: str) -> None:
    with pytest.raises(BadName, match="letters, digits and hyphens alone"):
        check_name(name, "eu-west-1", TEMPLATE)


def test_every_name_that_is_made_of_the_stacks_is_counted_whole() -> None:
    patterns = [pattern for pattern, _ in list_names(TEMPLATE)]
    assert {pattern.rpartition("}")[2] for pattern in patterns} == {
        "-viewer",
        "-site",
        "-backlog",
    }
    assert all("$" not in fill(pattern, "inkling", "eu-west-1") for pattern in patterns)
    functions = [
        each["Properties"]["Name"]["Fn::Sub"]
        for each in read_with_functions()["Resources"].values()
        if each["Type"] == "AWS::CloudFront::Function"
    ]
    assert set(functions) <= set(patterns)
