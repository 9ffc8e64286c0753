"""`handler`: tries a new version, as CodeDeploy's hook before it moves any traffic.

CodeDeploy waits an hour for a hook that says nothing: whatever goes wrong, it's told so. Lambda's
own boto3 is good enough for what nobody but CodeDeploy waits for; the package has no wheels.
"""

import json
import os
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

from rehearsal.acts import play
from rehearsal.errors import SettingsError
from rehearsal.version import CALL_SECONDS, Version

VERSION_VARIABLE: Final = "INKLING_VERSION"

_FUNCTIONS: Final = Path(__file__).parents[1]
_EXAMPLES: Final = (_FUNCTIONS / "examples", _FUNCTIONS.parent / "frontend/examples")
"""Where the page's are: in a Lambda package beside the code, in a checkout in its folder."""

# Not tried again by itself: a version that breaks off once is not good.
_CALLS: Final = Config(
    connect_timeout=2, read_timeout=CALL_SECONDS, retries={"total_max_attempts": 1}
)
_REPORTS: Final = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3}
)


def handler(event: Any, context: Any) -> dict[str, str]:
    """Try the version, and tell CodeDeploy how it went.

    Args:
        event: CodeDeploy's, with `DeploymentId` and `LifecycleEventHookExecutionId`. By hand it may
            be `{}`, and name another version's ARN as `version`.

    Returns:
        `status`, as CodeDeploy has it: Succeeded or Failed; and `reason` of the second.
    """
    found = try_version(event, context)
    print(json.dumps({"message": "rehearsal", **found}))
    if "LifecycleEventHookExecutionId" in event:
        boto3.client("codedeploy", config=_REPORTS).put_lifecycle_event_hook_execution_status(
            deploymentId=event["DeploymentId"],
            lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
            status=found["status"],
        )
    return found


def try_version(event: Any, context: Any) -> dict[str, str]:
    """What `handler` returns: whether a version did all well, and else what it did not."""
    try:
        arn = event.get("version") or os.environ.get(VERSION_VARIABLE)
        if not arn:
            raise SettingsError(f"{VERSION_VARIABLE} is missing.")
        client = boto3.client("lambda", config=_CALLS)
        version = Version(client, arn, lambda: context.get_remaining_time_in_millis() / 1000)
        play(version, next(filter(Path.is_dir, _EXAMPLES)))
    except Exception as error:  # a fault of our own as well: it's no reason to let the version on
        return {"status": "Failed", "reason": f"{type(error).__name__}: {error}"}
    return {"status": "Succeeded"}
