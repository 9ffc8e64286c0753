"""`serve_application`: an ASGI application on a port of this machine, in a thread of its own."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn

from tests.stack.conftest import find_free_port

_START_SECONDS: Final = 60


@contextmanager
def serve_application(application: Any) -> Iterator[str]:
    """Run it until the block ends; gives its origin, without a slash at its end."""
    port = find_free_port()
    config = uvicorn.Config(application, port=port, lifespan="off", log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
