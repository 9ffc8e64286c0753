"""Python imports this first, where its path says so: no connection leaves the machine."""

import socket
from typing import Any


def refuse(event: Any, *_: Any) -> Any:
    raise OSError(f"a connection to {event}: there is to be none")


socket.getaddrinfo = refuse  # type: ignore[assignment]
socket.socket.connect = refuse  # type: ignore[method-assign]
