"""What `make deploy` has others do: `make build`, and `sam deploy`."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deployment.errors import ToolFailed
from deployment.parameters import ARCHITECTURE, write_assignments
from deployment.template_file import list_architectures, read_template

PROJECT: Final = Path(__file__).parents[1]
BUILD_FOLDER: Final = PROJECT / ".aws-sam/deploy"
"""Of its own: a `make build` for this machine's processor must not change what is deployed."""
BUILT_TEMPLATE: Final = "template.yaml"


@dataclass(frozen=True, slots=True)
class Shipment:
    """A built template on its way into a stack."""

    folder: Path
    stack: str
    region: str
    parameters: Mapping[str, str]
    packages: str | None
    """The bucket for the functions' packages; sam makes one for itself where there is none."""
    asks: bool
    """Whether sam shows what would change, and waits for a yes."""
    settings: Path
    """A file of sam's, for what else it may be told there: a role, a permissions boundary."""


def build(architecture: str, folder: Path = BUILD_FOLDER) -> None:
    """Raises ToolFailed."""
    make = os.environ.get("MAKE", "make")
    run(
        [
            *(make, "--no-print-directory", "build"),
            *(f"BUILD_FOLDER={folder}", f"ARCHITECTURE={architecture}"),
        ],
        "make build failed: see above. Nothing was deployed.",
    )


def check_build(folder: Path, architecture: str) -> None:
    """That what is shipped is for the processor that it says. Raises ToolFailed."""
    template = read_template(folder / BUILT_TEMPLATE)
    others = {
        name: found for name, found in list_architectures(template).items() if found != architecture
    }
    if others or ARCHITECTURE in template.get("Parameters", {}):
        raise ToolFailed(
            f"What is in {folder} was not built by make build for {architecture}, and so is not "
            "deployed: it would not start there."
        )


def ship(shipment: Shipment) -> None:
    """`sam deploy`. Raises ToolFailed."""
    run(
        list_arguments(shipment),
        "sam deploy failed: see above. The stack is as it was, or goes back to it by itself: "
        f"make status STACK={shipment.stack}",
    )


def list_arguments(shipment: Shipment) -> list[str]:
    """sam's command line, which counts for more than its settings do."""
    confirmed = "--confirm-changeset" if shipment.asks else "--no-confirm-changeset"
    packages = (
        ["--no-resolve-s3", "--s3-bucket", shipment.packages, "--s3-prefix", shipment.stack]
        if shipment.packages
        else ["--resolve-s3"]
    )
    given = {name: value for name, value in shipment.parameters.items() if name != ARCHITECTURE}
    overrides = ["--parameter-overrides", write_assignments(given)] if given else []
    return [
        *(sys.executable, "-m", "samcli", "deploy"),
        *("--template-file", str(shipment.folder / BUILT_TEMPLATE)),
        *("--config-file", str(shipment.settings)),
        *("--stack-name", shipment.stack, "--region", shipment.region),
        *("--capabilities", "CAPABILITY_IAM"),
        *("--tags", "project=inkling"),
        *(confirmed, "--no-fail-on-empty-changeset", "--no-progressbar"),
        *packages,
        *overrides,
    ]


def run(command: Sequence[str], sentence: str) -> None:
    """Run a tool in the foreground. Raises ToolFailed with a sentence where it fails."""
    sys.stdout.flush()
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0"}
    # What make hands on to a make of its own would be the deployment's settings.
    environment.pop("MAKEFLAGS", None)
    done = subprocess.run(command, cwd=PROJECT, env=environment, check=False)  # noqa: S603 - ours
    if done.returncode != 0:
        raise ToolFailed(sentence)
