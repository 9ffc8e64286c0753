"""Lambda and CodeDeploy as the rehearsal meets them: over HTTP, at an address of this machine's."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final
from urllib.parse import unquote

Function = Callable[[dict[str, Any]], Any]
"""A version: an event in, an answer out. What it raises, it breaks off with."""

_INVOKE: Final = ("/2015-03-31/functions/", "/invocations")


class Refused(Exception):
    """Lambda does not call the version: its text is the error's code."""


@dataclass
class Services:
    url: str
    function: Function
    called: list[tuple[str, str, str]] = field(default_factory=list)
    """The ARN, the method and the path of each call."""
    reports: list[dict[str, str]] = field(default_factory=list)
    """What CodeDeploy was told."""

    @property
    def account(self) -> dict[str, str]:
        """Variables by which boto3 finds these services."""
        return {
            "AWS_ENDPOINT_URL_LAMBDA": self.url,
            "AWS_ENDPOINT_URL_CODEDEPLOY": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "eu-west-1",
        }


class _Server(ThreadingHTTPServer):
    services: Services


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.startswith(_INVOKE[0]):
            arn = unquote(self.path.removeprefix(_INVOKE[0]).removesuffix(_INVOKE[1]))
            self._invoke(arn, body)
        else:
            operation = "CodeDeploy_20141006.PutLifecycleEventHookExecutionStatus"
            assert self.headers["X-Amz-Target"] == operation
            self.server.services.reports.append(body)
            self._answer(200, {})

    def _invoke(self, arn: str, event: dict[str, Any]) -> None:
        services = self.server.services
        services.called.append((arn, event["httpMethod"], event["path"]))
        try:
            self._answer(200, services.function(event))
        except Refused as refused:
            self._answer(409, {"message": ""}, **{"x-amzn-ErrorType": str(refused)})
        except Exception as error:
            report = {"errorType": type(error).__name__, "errorMessage": str(error)}
            self._answer(200, report, **{"X-Amz-Function-Error": "Unhandled"})

    def _answer(self, status: int, body: Any, **headers: str) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serve(function: Function) -> Iterator[Services]:
    """Both services, with one version behind every ARN."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.services = Services(f"http://127.0.0.1:{server.server_port}", function)
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.services
        finally:
            server.shutdown()
            thread.join()
