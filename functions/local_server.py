"""The page and the API on this machine, with a SQLite file and a folder to keep recognitions in.

    python functions/local_server.py --port 8000 --data data --host 127.0.0.1

Prints its address once it answers there. Ctrl-C or SIGTERM ends it, with exit status 0. Its API key
is in the data folder's `api-key`, for which it makes one at its first start.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said here, in words that an old Python can parse
    sys.exit("Inkling needs Python 3.11 or later; this is " + sys.version.split()[0] + ".")

import argparse
import asyncio
import contextlib
import errno
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NoReturn

LAST_PORT: Final = 65535
REQUESTS_PER_MINUTE: Final = 600
SHUTDOWN_SECONDS: Final = 3
"""How long a request that is being answered may hold up the end."""


def main() -> None:
    arguments = parse_arguments()
    # Taken before the slow imports, so that a port in use is told at once.
    listener = open_listener(arguments.host, arguments.port)
    with listener:
        serve(listener, arguments.data, rate_limit=arguments.rate or None)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Serve Inkling's page and API on this machine.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen at")
    parser.add_argument("--port", type=port_number, default=8000, help="0 takes any that is free")
    parser.add_argument("--data", type=Path, default=Path("data"), help="what is kept goes here")
    parser.add_argument(
        "--rate",
        type=request_count,
        default=REQUESTS_PER_MINUTE,
        help="POST, PUT, PATCH and DELETE requests that one client may send in a minute; 0 for any "
        "number",
    )
    return parser.parse_args()


def open_listener(host: str, port: int) -> socket.socket:
    """Bind a socket, or end with the reason why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
        # Connections have it from their listener. asyncio sets it on sockets that it made itself:
        # without it, each answer on a kept connection waits for the client's delayed ACK, 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < LAST_PORT else port - 1
            fail(f"Port {port} is in use. Choose another: make run PORT={other}")
        if error.errno == errno.EACCES:
            fail(f"Port {port} is not for everyone to use. Choose one above 1023.")
        # Python adds to the reason what it was doing, in words of its own.
        reason = (error.strerror or str(error)).partition(" (while")[0]
        fail(f"Can't listen at {host}, port {port}: {reason}.")
    except TypeError:  # a name with other letters than ASCII, and a part that is empty or too long
        fail(f"Can't listen at {host}, port {port}: that is no host's name.")


def serve(listener: socket.socket, data: Path, *, rate_limit: int | None) -> None:
    """Build the application around the embedded stores, and run it until a signal comes."""
    # Imported here, after the port is known to be free: this takes most of the start.
    import uvicorn  # noqa: PLC0415

    from api.app import create_app  # noqa: PLC0415
    from api.errors import SettingsError  # noqa: PLC0415
    from api.key_file import find_api_key  # noqa: PLC0415
    from api.keys import hash_key  # noqa: PLC0415
    from api.logs import write_every_log_to  # noqa: PLC0415
    from api.native_words import log_native_words  # noqa: PLC0415
    from api.routes.upload_forms import FORM_URL  # noqa: PLC0415
    from api.settings import read_settings  # noqa: PLC0415
    from local_connection import Connection  # noqa: PLC0415
    from recognition.errors import ModelError  # noqa: PLC0415
    from recognition.freed_memory import return_freed_memory  # noqa: PLC0415
    from recognition.recognizer import Recognizer  # noqa: PLC0415
    from storage.errors import StorageError  # noqa: PLC0415
    from storage.folder import FolderImages  # noqa: PLC0415
    from storage.local_uploads import LocalUploads  # noqa: PLC0415
    from storage.purging import purging  # noqa: PLC0415
    from storage.sqlite import SqliteRecords  # noqa: PLC0415

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"Inkling is at {_url(listener)}", flush=True)
            if is_new:
                print(f"Its API key, which is new, is in {data / 'api-key'}", flush=True)

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            # Uvicorn's own raises the signal again once it's done, for the process to die of.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self.handle_exit)
            yield

    write_every_log_to(sys.stderr)
    return_freed_memory()
    os.umask(0o077)  # what people drew, and the key, are for nobody else on this machine to read
    try:
        images = FolderImages(data / "images")
        records = SqliteRecords(data / "records.sqlite")
        settings = read_settings(os.environ)
        key, is_new = find_api_key(data / "api-key")
        with log_native_words():
            recognizer = Recognizer.load()
        app = create_app(
            recognizer,
            page=settings.page,
            records=records,
            images=images,
            uploads=LocalUploads(FORM_URL),
            api_keys=settings.api_keys | {hash_key(key)},
            retention=settings.retention,
            rate_limit=rate_limit,
            compress=True,
        )
    except (ModelError, SettingsError, StorageError) as error:
        fail(str(error))
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",  # or what happens to be installed would decide
        lifespan="off",
        # The application's own log says what fails. Uvicorn's would add the addresses of clients,
        # and a traceback for each request that the end of the server cuts off.
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # a client could give itself any address, and so evade the rate
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    with contextlib.closing(records), purging(records, images):
        asyncio.run(Server(config).serve([listener]))


def fail(reason: str) -> NoReturn:
    sys.exit(reason)


def port_number(text: str) -> int:
    if text.isdecimal() and int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to {LAST_PORT}.")


def request_count(text: str) -> int:
    if text.isdecimal() and len(text) < 10:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of requests.")


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    # Until the server takes them over, these end the program just as quietly.
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    main()
