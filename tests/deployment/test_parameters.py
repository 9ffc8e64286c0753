import shlex
from typing import Any

import pytest

from deployment.errors import BadParameter
from deployment.parameters import (
    check_values,
    list_parameters,
    read_assignments,
    write_assignments,
)
from deployment.template_file import read_template


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return read_template()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("A=b C=d", {"A": "b", "C": "d"}),
        ("A='b c'  D=", {"A": "b c", "D": ""}),
        ('A="x=y"', {"A": "x=y"}),
        ("A=1 A=2", {"A": "2"}),
    ],
)
def test_assignments_are_read(text: str, values: dict[str, str]) -> None:
    assert read_assignments(text) == values


@pytest.mark.parametrize("text", ["A", "=b", "A B=c", "A='b", "A-B=c"])
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(BadParameter):
        read_assignments(text)


@pytest.mark.parametrize(
    "values", [{"A": "b"}, {"A": "b c", "D": ""}, {"A": 'say "x"', "B": "back\\slash"}]
)
def test_written_assignments_are_read_as_they_were(values: dict[str, str]) -> None:
    assert read_assignments(write_assignments(values)) == values
    assert dict(word.split("=", 1) for word in shlex.split(write_assignments(values))) == values


def test_default_of_every_parameter_is_one_that_it_takes(template: dict[str, Any]) -> None:
    parameters = list_parameters(template)
    assert len(parameters) > 15
    for parameter in parameters.values():
        assert parameter.description
        if parameter.default is not None:
            parameter.check(parameter.default)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"Memory": "1"}, "There is no parameter Memory"),
        ({"Architecture": "arm"}, "is one of arm64, x86_64, not 'arm'"),
        ({"MemorySize": "512"}, "is at least 1024"),
        ({"MemorySize": "much"}, "is a number"),
        ({"MemorySize": "99999"}, "is at most 10240"),
        ({"StageName": "V 1"}, "is not of the form"),
        ({"ApiKeySha256": "my secret key"}, "is not of the form"),
    ],
)
def test_value_that_cloudformation_would_refuse_is_refused_here(
    template: dict[str, Any], values: dict[str, str], words: str
) -> None:
    with pytest.raises(BadParameter, match=words):
        check_values(values, list_parameters(template))
