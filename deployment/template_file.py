"""Templates as files: what they say before CloudFormation has them."""

from pathlib import Path
from typing import Any, Final

import yaml

from deployment.errors import DeploymentError

TEMPLATE: Final = Path(__file__).parents[1] / "template.yaml"


def _read_pattern(loader: Any, node: yaml.Node) -> str | None:
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


# CloudFormation's functions in their short form are of no interest here, but for what is written.
_LOADER: Final[Any] = type("TemplateLoader", (yaml.SafeLoader,), {})
_LOADER.add_multi_constructor("!", lambda loader, name, node: None)
_LOADER.add_constructor("!Sub", _read_pattern)


def read_template(path: Path = TEMPLATE) -> dict[str, Any]:
    """Raises DeploymentError."""
    try:
        return parse_template(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DeploymentError(f"There is no {path}.") from None


def parse_template(text: str) -> dict[str, Any]:
    """A template in YAML or in JSON, without the functions in it; of `!Sub`, the bare pattern."""
    template: dict[str, Any] = yaml.load(text, _LOADER)  # noqa: S506 - a safe one
    return template


def list_architectures(template: dict[str, Any]) -> dict[str, str | None]:
    """The processor of each function, by its name; None for one that is left open."""
    functions = {
        name: resource.get("Properties", {}).get("Architectures") or [None]
        for name, resource in template.get("Resources", {}).items()
        if resource.get("Type") == "AWS::Serverless::Function"
    }
    return {name: found[0] for name, found in functions.items()}
