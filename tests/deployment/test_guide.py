from deployment.guide import ask_parameters, ask_region
from deployment.parameters import list_parameters
from deployment.template_file import read_template


def ask(*answers: str, **given: str) -> tuple[dict[str, str], list[str]]:
    """What comes of an operator's answers, and what they were told."""
    left, told = list(answers), list[str]()
    parameters = list_parameters(read_template())
    values = ask_parameters(parameters, given, lambda question: left.pop(0), told.append)
    assert left == []
    return values, told


def test_enter_takes_every_default() -> None:
    assert ask("")[0] == {}


def test_what_was_given_before_stays() -> None:
    assert ask("MemorySize=2048", "", Timeout="20") == (
        {"Timeout": "20", "MemorySize": "2048"},
        ask("")[1],
    )


def test_wrong_answer_is_explained_and_asked_for_again() -> None:
    values, told = ask("MemorySize=1", "Memory", "Nothing=1", "MemorySize=2048 Timeout=11", "")
    assert values == {"MemorySize": "2048", "Timeout": "11"}
    assert sum("MemorySize is at least 1024" in line for line in told) == 1
    assert sum("There is no parameter Nothing" in line for line in told) == 1


def test_all_parameters_are_shown_to_who_asks() -> None:
    _, told = ask("?", "")
    for name, parameter in list_parameters(read_template()).items():
        assert any(f"{name}=" in line and parameter.description in line for line in told)


def test_region_is_asked_for_until_it_looks_like_one() -> None:
    left, told = ["", "Ireland", "eu-west", " us-gov-west-1 "], list[str]()
    assert ask_region(lambda question: left.pop(0), told.append) == "us-gov-west-1"
    assert told == [f"{answer!r} is no region of AWS's." for answer in ("", "Ireland", "eu-west")]
