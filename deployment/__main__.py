"""`python -m deployment deploy|destroy|status|logs`: what `make` runs for an operator."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from backlog.errors import NoAccess, explain
from deployment import deploying, destroying, logs, status
from deployment.errors import DeploymentError

INTERRUPTED: Final = 130
"""As a shell has it for what Ctrl-C ended."""

STEPS: Final[dict[str, Sequence[str]]] = {
    "deploy": deploying.STEPS,
    "destroy": destroying.STEPS,
    "status": status.STEPS,
    "logs": logs.STEPS,
}

_CHANGING: Final = {"deploy", "destroy"}

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Exits with 0 for what was done, 1 for what was not, and why; 130 after Ctrl-C, or Ctrl-D."""
    options = parse(arguments)
    try:
        run_command(options)
    except DeploymentError as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        told = explain(error)
        if isinstance(told, NoAccess):
            tell(describe_steps(options.command))
        sys.exit(str(told))
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, and Ctrl-D at a question
        if options.command in _CHANGING:
            print(
                "\nBroken off. AWS goes on with what it has begun; the same command does the rest.",
                file=sys.stderr,
            )
        sys.exit(INTERRUPTED)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deployment", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    deploy = commands.add_parser("deploy", help="build, deploy, upload the page, test it live")
    deploy.add_argument("--parameters", default="", help='of the template: "A=b C=d"')
    deploy.add_argument("--packages", help="the bucket for the packages, if not sam's own")
    deploy.add_argument("--built", type=Path, help="a folder that make build has filled")
    deploy.add_argument("--confirm", choices=["yes", "no"], default="yes", help="no asks nobody")
    destroy = commands.add_parser("destroy", help="delete the stack, but for what must be kept")
    destroy.add_argument("--confirm", help="the stack's name, so as not to be asked for it")
    destroy.add_argument("--kept", metavar="BUCKET", help="remove this, which a stack left")
    commands.add_parser("status", help="how the stack is")
    read = commands.add_parser("logs", help="what it writes of itself")
    read.add_argument("--since", type=read_time, default="10m", help="10m, 2h, 1d")
    read.add_argument("--function", default="", help="how the log's name begins, such as api")
    read.add_argument("--find", default="", help="a text that a line must have")
    read.add_argument("--follow", action="store_true", help="go on until Ctrl-C")
    read.add_argument("--json", action="store_true", help="the lines as they are")
    for command in (deploy, destroy, read, commands.choices["status"]):
        command.add_argument("--stack", default="inkling", help="its name in CloudFormation")
        command.add_argument("--poll", type=float, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def run_command(options: argparse.Namespace) -> None:
    """Raises DeploymentError, and what boto3 raises."""
    if options.command == "deploy":
        deploying.deploy(
            deploying.Options(
                stack=options.stack,
                parameters=options.parameters,
                confirmed=options.confirm == "no",
                packages=options.packages,
                built=options.built,
            ),
            tell,
            input,
        )
    elif options.command == "destroy":
        ask: Callable[[str], str] | None = input if sys.stdin.isatty() else None
        if options.kept:
            destroying.remove_kept(options.kept, options.confirm, tell, ask)
        else:
            seconds = options.poll or destroying.POLL_SECONDS
            destroying.destroy(options.stack, options.confirm, tell, ask, seconds)
    elif options.command == "status":
        status.show_status(options.stack, tell)
    else:
        logs.show_logs(
            options.stack,
            logs.Selection(options.since, options.function, options.find, options.follow),
            logs.write_line if options.json else tell_line,
            options.poll or logs.POLL_SECONDS,
        )


def tell(text: Any) -> None:
    print(text, flush=True)


def tell_line(line: "logs.Line") -> None:
    tell(logs.describe_line(line))


def read_time(text: str) -> timedelta:
    """`10m` as a time. Raises ArgumentTypeError."""
    if not (found := re.fullmatch(r"(\d{1,6})([smhdw])", text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no time like 90s, 10m, 2h, 1d or 1w.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def describe_steps(command: str) -> str:
    lines = [f"With access to AWS, make {command} would:"]
    lines += [f"  {number}. {step}" for number, step in enumerate(STEPS[command], 1)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
