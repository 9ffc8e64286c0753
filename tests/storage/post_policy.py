"""S3's rules for a form that is posted to a bucket, of which moto checks none.

From its API reference: "POST policy" (what a form's fields must be), and "Authenticating requests
in browser-based uploads using POST" (what signs it). S3's answers are a status and a code.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

_BEYOND_POLICY: Final = {"x-amz-signature", "file", "policy", "bucket"}

Refusal = tuple[int, str]


def check_post(
    fields: Mapping[str, str], size: int, *, bucket: str, secret: str, now: datetime
) -> Refusal | None:
    """What S3 refuses a form with, and an image of so many bytes; None where it lets it in."""
    if "policy" not in fields:
        return 403, "AccessDenied"
    if not hmac.compare_digest(sign(fields, secret), fields.get("x-amz-signature", "")):
        return 403, "SignatureDoesNotMatch"
    policy = json.loads(base64.b64decode(fields["policy"]))
    if datetime.fromisoformat(policy["expiration"]) <= now:
        return 403, "AccessDenied"
    given = {"bucket": bucket} | {name.lower(): value for name, value in fields.items()}
    covered = set(_BEYOND_POLICY)
    for condition in policy["conditions"]:
        refusal = _check_condition(condition, given, size, covered)
        if refusal is not None:
            return refusal
    return None if set(given) <= covered else (403, "AccessDenied")


def _check_condition(
    condition: Any, given: Mapping[str, str], size: int, covered: set[str]
) -> Refusal | None:
    if isinstance(condition, dict):
        ((name, value),) = condition.items()
        condition = ["eq", f"${name}", value]
    operator, first, second = condition
    if operator == "content-length-range":
        if size > second:
            return 400, "EntityTooLarge"
        return (400, "EntityTooSmall") if size < first else None
    assert operator == "eq", "no other operator is needed here"
    name = first.removeprefix("$").lower()
    covered.add(name)
    return None if given.get(name) == second else (403, "AccessDenied")


def sign(fields: Mapping[str, str], secret: str) -> str:
    """Signature version 4 over the policy."""
    try:
        _, day, region, service, end = fields["x-amz-credential"].split("/")
    except (KeyError, ValueError):
        return ""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, end):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return hmac.digest(key, fields["policy"].encode(), hashlib.sha256).hex()


def read_expiration(fields: Mapping[str, str]) -> datetime:
    expiration = json.loads(base64.b64decode(fields["policy"]))["expiration"]
    return datetime.fromisoformat(expiration).astimezone(UTC)
