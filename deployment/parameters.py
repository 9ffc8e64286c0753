"""The template's parameters: what an operator gives, held to what the template takes."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deployment.errors import BadParameter

ARCHITECTURE = "Architecture"


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    description: str
    default: str | None
    allowed: tuple[str, ...]
    pattern: str | None
    least: float | None
    most: float | None
    is_number: bool
    is_secret: bool

    def check(self, value: str) -> None:
        """Raises BadParameter for a value that CloudFormation would refuse minutes later."""
        if self.allowed and value not in self.allowed:
            raise BadParameter(f"{self.name} is one of {', '.join(self.allowed)}, not {value!r}.")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise BadParameter(f"{self.name}={value} is not of the form {self.pattern}")
        if self.is_number:
            self._check_number(value)

    def _check_number(self, value: str) -> None:
        if not re.fullmatch(r"-?\d+(\.\d+)?", value):
            raise BadParameter(f"{self.name} is a number, not {value!r}.")
        if self.least is not None and float(value) < self.least:
            raise BadParameter(f"{self.name} is at least {self.least:g}, not {value}.")
        if self.most is not None and float(value) > self.most:
            raise BadParameter(f"{self.name} is at most {self.most:g}, not {value}.")


def list_parameters(template: Mapping[str, Any]) -> dict[str, Parameter]:
    """The parameters of a template, as CloudFormation's GetTemplateSummary or a file has them."""

    def number(text: Any) -> float | None:
        return None if text is None else float(text)

    found = {}
    for name, each in template.get("Parameters", {}).items():
        default = each.get("Default")
        found[name] = Parameter(
            name=name,
            description=" ".join(str(each.get("Description", "")).split()),
            default=None if default is None else str(default),
            allowed=tuple(str(value) for value in each.get("AllowedValues", ())),
            pattern=each.get("AllowedPattern"),
            least=number(each.get("MinValue")),
            most=number(each.get("MaxValue")),
            is_number=each.get("Type") == "Number",
            is_secret=bool(each.get("NoEcho")),
        )
    return found


def read_assignments(text: str) -> dict[str, str]:
    """`A=b C="d e"` as a dictionary. Raises BadParameter."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise BadParameter(f"PARAMETERS can't be read: {error}.") from None
    values = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.isalnum():
            raise BadParameter(f'{word!r} is not NAME=value: PARAMETERS="Name=value Other=value"')
        values[name] = value
    return values


def check_values(values: Mapping[str, str], parameters: Mapping[str, Parameter]) -> None:
    """Raises BadParameter for what the template lacks, and for a value that it does not take."""
    for name, value in values.items():
        if name not in parameters:
            raise BadParameter(f"There is no parameter {name}. There are: {', '.join(parameters)}.")
        parameters[name].check(value)


def write_assignments(values: Mapping[str, str]) -> str:
    """As sam reads them: `A="b" C="d e"`."""
    return " ".join(
        '{}="{}"'.format(name, value.replace("\\", "\\\\").replace('"', '\\"'))
        for name, value in values.items()
    )
