"""S3 and DynamoDB, as far as one uploaded image goes: for the predictors, which wait for them.

It answers at once, so that what is timed is the function. What it's given it keeps, for a look at
whether the digit was right.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from zlib import crc32

from tests.benchmarks.events import BUCKET

RESULTS = "inkling-results"


class Cloud(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, image: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.image = image
        """Every object in every bucket."""
        self.results: list[bytes] = []
        """What was put into a bucket."""
        self.records: list[bytes] = []
        """What DynamoDB was asked, as JSON."""

    @property
    def account(self) -> dict[str, str]:
        """Variables by which functions find it, and their stores."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server_port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_REGION": "eu-west-1",
            "INKLING_RECORDS_TABLE": "inkling-records",
            "INKLING_UPLOADS_BUCKET": BUCKET,
            "INKLING_RESULTS_BUCKET": RESULTS,
            "INKLING_DEAD_LETTERS_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead",
            "INKLING_RETENTION_DAYS": "30",
            "INKLING_METRICS_NAMESPACE": "Inkling/bench",
        }


@contextmanager
def serve_cloud(image: bytes) -> Iterator[Cloud]:
    with Cloud(image) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Cloud

    def do_GET(self) -> None:
        self._answer(self.server.image)

    def do_HEAD(self) -> None:
        self._answer(b"", length=len(self.server.image))

    def do_PUT(self) -> None:
        self.server.results.append(self._read())
        self._answer(b"")

    def do_POST(self) -> None:
        self.server.records.append(self._read())
        self._answer(b"{}")

    def _read(self) -> bytes:
        if self.headers.get("Expect") == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, body: bytes, *, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("ETag", '"b1946ac92492d2347c6235b4d2611184"')
        self.send_header("Last-Modified", formatdate(usegmt=True))
        self.send_header("x-amz-version-id", "L4kqtJlcpXroDTDmpUMLUo")
        self.send_header("x-amz-crc32", str(crc32(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Keep quiet."""
