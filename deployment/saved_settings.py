"""`SavedSettings`: what `make deploy` was told of a stack, in a file of sam's own form.

`samconfig.NAME.toml` beside `samconfig.toml`. It is the operator's, and not part of the source: sam
finds there whatever else they write into it, such as a role or a permissions boundary.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deployment.errors import DeploymentError
from deployment.parameters import read_assignments, write_assignments

PROJECT: Final = Path(__file__).parents[1]
SHARED_SETTINGS: Final = PROJECT / "samconfig.toml"
"""What sam is told of every stack."""


@dataclass(frozen=True, slots=True)
class SavedSettings:
    path: Path
    is_new: bool = True
    """Whether there is no such file yet."""
    region: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)
    """What else sam is told of a deployment, by sam's own names."""


def read_settings(stack: str, folder: Path = PROJECT) -> SavedSettings:
    """Raises DeploymentError for a file that sam could not read either."""
    path = folder / f"samconfig.{stack}.toml"
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        rest = dict(found["default"]["deploy"]["parameters"])
    except FileNotFoundError:
        return SavedSettings(path)
    except KeyError:
        raise DeploymentError(f"{path} has no [default.deploy.parameters].") from None
    except (OSError, ValueError) as error:
        raise DeploymentError(f"{path} can't be read: {error}") from None
    overrides = rest.pop("parameter_overrides", "")
    text = " ".join(overrides) if isinstance(overrides, list) else str(overrides)
    return SavedSettings(path, False, rest.pop("region", None), read_assignments(text), rest)


def write_settings(
    saved: SavedSettings, stack: str, region: str, parameters: Mapping[str, str]
) -> None:
    """Raises OSError."""
    settings = {
        **saved.rest,
        "stack_name": stack,
        "region": region,
        "parameter_overrides": write_assignments(parameters),
    }
    lines = [
        f"# What make deploy was told of the stack {stack}. sam reads it too, with --config-file.",
        "version = 0.1",
        "[default.deploy.parameters]",
        # Texts, numbers, flags and lists of them look in TOML as they do in JSON.
        *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()),
    ]
    # At once or not at all: what is broken off here must not leave half a file.
    new = saved.path.with_suffix(".new")
    new.write_text("\n".join(lines) + "\n", encoding="utf-8")
    new.replace(saved.path)
