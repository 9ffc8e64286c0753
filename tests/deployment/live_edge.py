"""`BucketEdge`: the distribution, played, before a bucket of moto's; and it keeps what it has sent.

As CloudFront does, until an invalidation has it forget.
"""

import fnmatch
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response

from deployment.page import PageFile
from tests.contract.gateway import STAGE
from tests.contract.transports import Transport
from tests.deployment.desk import list_invalidations
from tests.edge.distribution import Distribution
from tests.edge.server import Edge
from tests.stack.cloud import Cloud


class BucketEdge(Edge):
    def __init__(self, distribution: Distribution, function: Transport, cloud: Cloud) -> None:
        super().__init__(distribution, [], function, STAGE)
        self._cloud = cloud
        self._s3: Any = cloud.connect("s3")
        self.bucket = ""
        self.distribution_id = ""
        self._told = 0

    def _read_site(self, key: str, headers: Headers) -> Response:
        self._forget()
        if key not in self._site and (file := self._fetch(key)) is not None:
            self._site[key] = file
        return super()._read_site(key, headers)

    def _fetch(self, key: str) -> PageFile | None:
        try:
            found = self._s3.get_object(Bucket=self.bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return None
        return PageFile(key, found["Body"].read(), found["ContentType"], found["CacheControl"])

    def _forget(self) -> None:
        told = list_invalidations(self._cloud, self.distribution_id)
        for paths in told[self._told :]:
            for path in paths:
                for key in fnmatch.filter(list(self._site), path.removeprefix("/")):
                    del self._site[key]
        self._told = len(told)
