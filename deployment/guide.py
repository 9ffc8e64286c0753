"""What an operator is asked the first time: where, and what they want otherwise than by default."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from deployment.errors import BadParameter
from deployment.parameters import Parameter, check_values, read_assignments

Ask = Callable[[str], str]
Tell = Callable[[str], Any]

_MORE: Final = "Name=value to set one, ? to see all, or Enter to go on: "

_REGION: Final = "[a-z]{2,}(-[a-z]+)+-[0-9]+"
"""And no list of them: botocore's own is as old as botocore is."""


def ask_region(ask: Ask, tell: Tell) -> str:
    """Ask until the answer looks like a region."""
    while not re.fullmatch(_REGION, answer := ask("Region, such as eu-west-1: ").strip()):
        tell(f"{answer!r} is no region of AWS's.")
    return answer


def ask_parameters(
    parameters: Mapping[str, Parameter], given: Mapping[str, str], ask: Ask, tell: Tell
) -> dict[str, str]:
    """Ask until the operator has nothing to add. Returns what was given, before and now.

    One question, and not one for each of some forty parameters: every one has a default, with which
    the stack costs next to nothing while idle.
    """
    values = dict(given)
    tell("Every parameter has a default. Those that a first deployment most often sets:")
    for name in ("AlarmEmail", "MonthlyBudget", "DomainName", "ApiKeySha256"):
        if name in parameters:
            tell(describe_parameter(parameters[name], values))
    while answer := ask(_MORE).strip():
        if answer == "?":
            for parameter in parameters.values():
                tell(describe_parameter(parameter, values))
            continue
        try:
            new = read_assignments(answer)
            check_values(new, parameters)
        except BadParameter as error:
            tell(str(error))
            continue
        values |= new
    return values


def describe_parameter(parameter: Parameter, values: Mapping[str, str]) -> str:
    value = values.get(parameter.name, parameter.default)
    return f"  {parameter.name}={value or ''}\n      {parameter.description}"
