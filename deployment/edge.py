"""`Edge`: the distribution, told what it must forget.

An invalidation carries the name of the page that it was made for. So a command that was broken off
between the bucket and the edge is seen by the next one: the newest invalidation is for another page
than the bucket holds, and nobody knows any more what changed since.
"""

import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

from deployment.errors import DeploymentError
from deployment.page import INDEX

EVERYTHING: Final = "/*"
MAX_PATHS: Final = 10
"""Beyond these, everything is one path: AWS charges for paths, after the first 1,000 of a month."""

_POLL_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 900.0
"""It takes a minute or two."""


class Edge:
    """Each method raises what boto3 raises."""

    def __init__(self, cloudfront: Any, distribution: str) -> None:
        self._cloudfront = cloudfront
        self._distribution = distribution

    def read_page(self) -> tuple[str | None, str | None]:
        """The page that the newest invalidation was made for; and its id, if it is under way."""
        listed = self._cloudfront.list_invalidations(DistributionId=self._distribution)
        items = listed["InvalidationList"].get("Items", ())
        if not items:
            return None, None
        newest = max(items, key=lambda each: each["CreateTime"])["Id"]
        found = self._cloudfront.get_invalidation(DistributionId=self._distribution, Id=newest)
        invalidation = found["Invalidation"]
        page = invalidation["InvalidationBatch"]["CallerReference"].partition("-")[0]
        return page, None if is_over(invalidation) else newest

    def invalidate(self, page: str, paths: Sequence[str]) -> str:
        """Have it forget what it keeps under paths. Returns the invalidation's id."""
        # The time, too: the same page may come again, and AWS would take it for what it has done.
        reference = f"{page}-{time.time_ns()}"
        made = self._cloudfront.create_invalidation(
            DistributionId=self._distribution,
            InvalidationBatch={
                "Paths": {"Quantity": len(paths), "Items": list(paths)},
                "CallerReference": reference,
            },
        )
        identifier: str = made["Invalidation"]["Id"]
        return identifier

    def wait(self, invalidation: str, poll_seconds: float = _POLL_SECONDS) -> None:
        """Until all of the edge has forgotten. Raises DeploymentError where that takes too long."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            found = self._cloudfront.get_invalidation(
                DistributionId=self._distribution, Id=invalidation
            )
            if is_over(found["Invalidation"]):
                return
            if time.monotonic() > deadline:
                raise DeploymentError(
                    f"CloudFront has not finished the invalidation {invalidation} in a quarter of "
                    "an hour. It goes on by itself: run make deploy again later."
                )
            time.sleep(poll_seconds)


def is_over(invalidation: dict[str, Any]) -> bool:
    return str(invalidation["Status"]).lower() == "completed"


def name_paths(keys: Iterable[str]) -> list[str]:
    """The paths by which the edge keeps what has changed; everything, where they are many."""
    paths = sorted(f"/{key}" for key in keys)
    if f"/{INDEX}" in paths:
        paths.insert(0, "/")  # which is the same file, kept apart
    return paths if len(paths) <= MAX_PATHS else [EVERYTHING]
