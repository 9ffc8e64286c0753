"""`open_account`: who asks AWS, where, and whether AWS knows them."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from deployment.errors import DeploymentError

GLOBAL_REGION = "us-east-1"
"""Where CloudFront and the bill have their metrics."""

_OPTIONS = Config(connect_timeout=10, retries={"mode": "standard", "max_attempts": 5})


@dataclass(frozen=True, slots=True)
class Account:
    session: boto3.Session
    number: str
    region: str

    def connect(self, service: str, region: str | None = None) -> Any:
        """A client of one of AWS's services."""
        return self.session.client(service, region_name=region or self.region, config=_OPTIONS)


def open_account(
    saved_region: str | None = None, ask_region: Callable[[], str] | None = None
) -> Account:
    """Ask AWS who asks it.

    Args:
        saved_region: of the stack, where one was saved for it.
        ask_region: for where neither that nor AWS_REGION nor the profile says one; None asks
            nobody.

    Raises DeploymentError where two regions are named, and what boto3 raises.
    """
    asked = os.environ.get("AWS_REGION")
    if asked and saved_region and asked != saved_region:
        raise DeploymentError(
            f"AWS_REGION says {asked}, and the stack's own settings say {saved_region}. Unset "
            "AWS_REGION, or give the stack in the other region a name of its own, with STACK=."
        )
    session = boto3.Session(region_name=asked or saved_region)
    if session.region_name is None and ask_region is not None:
        session = boto3.Session(region_name=ask_region())
    identity = session.client("sts", config=_OPTIONS).get_caller_identity()
    return Account(session, identity["Account"], session.region_name)
