"""The real API in a thread, and `People`, who use it."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

KEY = "the tests' own key"


class Host:
    """A server that runs, with whichever application is in it at the moment."""

    app: ASGIApp
    url: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@contextmanager
def start_host() -> Iterator[Host]:
    """Starting and stopping it take longer than most of what is asked of it."""
    host = Host()
    config = uvicorn.Config(host, port=0, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    host.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield host
    server.should_exit = True
    thread.join()


class People:
    """Those who draw, and say what they drew."""

    def __init__(self, client: httpx2.Client, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, image: bytes) -> str:
        answer = self._client.post(self._url, content=image).json()
        assert answer["stored"]
        return str(answer["id"])

    def upload(self, image: bytes | None) -> str:
        """Ask for a form, and send an image with it, if any."""
        server = self._url.partition("/api/")[0]
        upload = self._client.post(f"{server}/api/uploads").json()
        if image is not None:
            sent = self._client.post(
                server + upload["url"], data=upload["fields"], files={"file": ("scan", image)}
            )
            assert sent.status_code == 204
        return str(upload["id"])

    def label(self, record_id: str, digit: int, *, key: str | None = KEY) -> None:
        headers = {"X-API-Key": key} if key else {}
        response = self._client.put(
            f"{self._url}/{record_id}/label", json={"digit": digit}, headers=headers
        )
        assert response.status_code == 200

    def remove(self, record_id: str) -> None:
        assert self._client.delete(f"{self._url}/{record_id}").status_code == 204

    def correct(self, image: bytes, digit: int, *, key: str | None = KEY) -> str:
        record_id = self.send(image)
        self.label(record_id, digit, key=key)
        return record_id
