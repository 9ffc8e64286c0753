"""`Live`: what is deployed, over HTTP, as anybody reaches it."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import urllib3

from deployment.errors import SmokeTestFailed

_TIMEOUT: Final = urllib3.Timeout(connect=10, read=35)
"""In seconds. API Gateway gives up after 29."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Any
    """By name, in whatever letters."""
    body: bytes

    @property
    def media_type(self) -> str:
        return str(self.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


class Live:
    """Requests to one address. No redirect is followed, and nothing is tried again."""

    def __init__(self, address: str) -> None:
        """The address ends in a slash."""
        self.address = address
        self._pool = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send a request to a path below the address, or to an address of its own.

        Args:
            headers: by names with underscores for hyphens.

        Raises SmokeTestFailed where nothing answers.
        """
        url = urljoin(self.address, path)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            reply = self._pool.request(
                method, url, body=body, headers={"Accept-Encoding": "gzip", **given}
            )
        except urllib3.exceptions.HTTPError as error:
            raise SmokeTestFailed(f"{method} {url}: {explain(error)}") from None
        return Reply(reply.status, reply.headers, reply.data)


def explain(error: Exception) -> str:
    """Why nothing answered, without where in this process it was noticed."""
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "there is no such host in the DNS, or not yet"
    return str(error).rpartition("): ")[2] or type(error).__name__
