"""`python -m backlog`: read again what is in the bucket of uploads. `make backfill` runs it."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from backlog.errors import BacklogError, explain
from backlog.following import POLL_SECONDS, follow
from backlog.runs import Run
from backlog.stack import Stack, find_stack, require_images, require_inventory


def main(arguments: Sequence[str] | None = None) -> None:
    """Exits with 0 for a backlog that was read to its end, and with 1 for all else."""
    options = parse(arguments)
    try:
        done = run_command(options)
    except BacklogError as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        sys.exit(str(explain(error)))
    except KeyboardInterrupt:
        sys.exit("\nIt goes on without this. RESUME= and its name follows it, STOP= stops it.")
    sys.exit(0 if done else 1)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make backfill", description=__doc__)
    parser.add_argument("--stack", default="inkling", help="its name in CloudFormation")
    parser.add_argument(
        "--poll", type=float, default=POLL_SECONDS, help="seconds between questions"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--prefix", help="what the keys begin with, such as scans/2026/")
    what.add_argument("--inventory", help="the key of an S3 inventory's manifest.json")
    what.add_argument("--resume", metavar="NAME", help="a backlog that was stopped, or failed")
    what.add_argument("--stop", metavar="NAME", help="a backlog that runs")
    options = parser.parse_args(arguments)
    if not any((options.prefix, options.inventory, options.resume, options.stop)):
        sys.exit(
            "Say what to read: make backfill PREFIX=scans/2026/, or INVENTORY= the key of a list "
            "that S3 made; or which backlog to go on with, RESUME=, or to stop, STOP=."
        )
    return options


def run_command(options: argparse.Namespace) -> bool:
    """Whether what was asked for was done. Raises BacklogError, and what boto3 raises."""
    # By the name that AWS's other tools have for it as well.
    session = boto3.Session(region_name=os.environ.get("AWS_REGION"))
    stack = find_stack(session.client("cloudformation"), options.stack)
    states = session.client("stepfunctions")
    if options.stop:
        Run.find(states, stack, options.stop).stop()
        print(f"{options.stop} is stopped. Go on with it: make backfill RESUME={options.stop}")
        return True
    if options.resume:
        run = Run.find(states, stack, options.resume)
        run.resume()
    else:
        run = Run.start(states, stack, choose_source(session.client("s3"), stack, options))
    print(run.name, flush=True)
    return follow(run, lambda text: print(text, flush=True), options.poll)


def choose_source(s3: Any, stack: Stack, options: argparse.Namespace) -> dict[str, str]:
    """The machine's input. Raises NothingToRead."""
    if options.inventory:
        require_inventory(s3, stack, options.inventory)
        return {"inventory": options.inventory}
    require_images(s3, stack, options.prefix)
    return {"prefix": options.prefix}


if __name__ == "__main__":
    main()
