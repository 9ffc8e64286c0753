"""`run_smoke_test`: whether what is live is what is here, and does what it is for."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from deployment.errors import SmokeTestFailed
from deployment.live import Live, Reply
from deployment.page import FRONTEND, INDEX, PageFile

MODEL: Final = Path(__file__).parents[1] / "functions/recognition/model/digits.tflite"
EXAMPLE: Final = "examples/7.jpg"
EXAMPLE_DIGIT: Final = 7
NO_IMAGE: Final = b"This is no image."

START_SECONDS: Final = 60.0
"""How long a new address may take until it answers for the first time."""

_A_YEAR: Final = 31_536_000

SECURITY: Final[dict[str, Callable[[str], bool]]] = {
    "Content-Security-Policy": lambda value: "default-src" in value and "unsafe" not in value,
    "Strict-Transport-Security": lambda value: read_max_age(value) >= _A_YEAR,
    "X-Content-Type-Options": lambda value: value == "nosniff",
    "X-Frame-Options": lambda value: value == "DENY",
    "Referrer-Policy": bool,
    "Permissions-Policy": bool,
}
"""Headers that the page comes with, each with what makes it good."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is tested, and what it is held to."""

    live: Live
    files: Sequence[PageFile]
    edge: bool
    """Whether it is the distribution, which adds headers of its own."""


Check = Callable[[Target], str]
"""Returns what it found, in a few words. Raises SmokeTestFailed."""


def run_smoke_test(
    target: Target, tell: Callable[[str], Any], start_seconds: float = START_SECONDS
) -> None:
    """Make every check, and tell of each. Raises SmokeTestFailed where any failed."""
    wait_for(target.live, start_seconds)
    failed = 0
    for name, check in CHECKS.items():
        try:
            tell(f"  ok      {name}: {check(target)}")
        except SmokeTestFailed as error:
            failed += 1
            tell(f"  FAILED  {name}: {error}")
    if failed:
        raise SmokeTestFailed(f"{failed} of {len(CHECKS)} checks failed at {target.live.address}")


def wait_for(live: Live, seconds: float) -> None:
    """Until the address answers at all. Raises SmokeTestFailed."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if live.ask("GET", "api/health").status < 500:
                return
        except SmokeTestFailed:
            if time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline:
            return  # it answers: what is wrong with it, the checks say
        time.sleep(min(1.0, seconds / 5))


def check_page(target: Target) -> str:
    """The page itself, as it is here, and its caching."""
    reply = target.live.ask("GET", "")
    expect_file(reply, find_file(target, INDEX), "the page", target.edge)
    return f"{len(reply.body):,} bytes, the same as here"


def check_security(target: Target) -> str:
    """The headers that the page comes with."""
    headers = target.live.ask("GET", "").headers
    expected = {
        name: is_good
        for name, is_good in SECURITY.items()
        if target.edge or name != "Strict-Transport-Security"  # which the edge alone adds
    }
    missing = [name for name in expected if name not in headers]
    if missing:
        raise SmokeTestFailed(f"the page has no {', no '.join(missing)}")
    weak = [name for name, is_good in expected.items() if not is_good(headers[name])]
    if weak:
        raise SmokeTestFailed(", ".join(f"{name} is {headers[name]!r}" for name in weak))
    return f"{len(expected)} headers"


def check_files(target: Target) -> str:
    """Every other file of the page."""
    files = [file for file in target.files if file.key != INDEX]
    for file in files:
        expect_file(target.live.ask("GET", file.key), file, file.key, target.edge)
    return f"{len(files)} files, the same as here"


def check_transport(target: Target) -> str:
    """That nothing is answered in the clear."""
    address = target.live.address
    if not address.startswith("https://"):
        return "not asked, of an address without TLS"
    if not target.edge:
        return "not asked: API Gateway listens to nothing but TLS"
    reply = target.live.ask("GET", address.replace("https://", "http://", 1))
    location = str(reply.headers.get("Location", ""))
    if reply.status not in {301, 307, 308} or not location.startswith("https://"):
        raise SmokeTestFailed(f"plain HTTP is answered with {reply.status}, and not sent to HTTPS")
    return "plain HTTP is sent to HTTPS"


def check_health(target: Target) -> str:
    """Which model answers."""
    health = read_json(expect_status(target.live.ask("GET", "api/health"), 200))
    model = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    if health.get("model") != model:
        raise SmokeTestFailed(f"the model is {str(health.get('model'))[:12]}, here {model[:12]}")
    return f"model {model[:12]}"


def check_recognition(target: Target) -> str:
    """A digit is read and kept, and what was kept is removed."""
    image = (FRONTEND / EXAMPLE).read_bytes()
    reply = target.live.ask("POST", "api/recognitions", image, Content_Type="image/jpeg")
    answer = read_json(expect_status(reply, 200))
    path = f"api/recognitions/{answer.get('id')}"
    try:
        if (answer.get("outcome"), answer.get("digit")) != ("digit", EXAMPLE_DIGIT):
            what = f"{answer.get('outcome')} {answer.get('digit')}"
            raise SmokeTestFailed(f"{EXAMPLE} is read as {what}")
        if answer.get("stored") is not True:
            raise SmokeTestFailed("the digit is read, and its record could not be kept")
        if read_json(expect_status(target.live.ask("GET", path), 200)).get("id") != answer["id"]:
            raise SmokeTestFailed("the record that was kept is another")
    finally:
        if answer.get("stored") is True:
            removed = target.live.ask("DELETE", path)
    expect_status(removed, 204)
    expect_status(target.live.ask("GET", path), 404)
    return f"{EXAMPLE} is a {EXAMPLE_DIGIT}, kept and removed again"


def check_refusal(target: Target) -> str:
    """What is no image is refused in the API's own words, through all that lies between."""
    reply = target.live.ask("POST", "api/recognitions", NO_IMAGE, Content_Type="image/png")
    return expect_problem(reply, 415, "unsupported-image")


def check_absence(target: Target) -> str:
    """An address of the API that is not there: the edge must not put a page in its place."""
    return expect_problem(target.live.ask("GET", "api/nothing"), 404, "not-found")


def check_documentation(target: Target) -> str:
    expect_status(target.live.ask("GET", "docs"), 200)
    document = read_json(expect_status(target.live.ask("GET", "openapi.json"), 200))
    paths = document.get("paths") or {}
    if "/api/recognitions" not in paths:
        raise SmokeTestFailed("openapi.json has no /api/recognitions")
    return f"{len(paths)} paths"


CHECKS: Final[dict[str, Check]] = {
    "page": check_page,
    "security headers": check_security,
    "page's files": check_files,
    "transport": check_transport,
    "health": check_health,
    "a digit": check_recognition,
    "no image": check_refusal,
    "no such address": check_absence,
    "documentation": check_documentation,
}


def read_max_age(value: str) -> int:
    """Seconds, of a Strict-Transport-Security; 0 where there are none."""
    found = re.search(r"(?i)\bmax-age=\"?(\d+)", value)
    return int(found[1]) if found else 0


def find_file(target: Target, key: str) -> PageFile:
    return next(file for file in target.files if file.key == key)


def expect_status(reply: Reply, status: int) -> Reply:
    if reply.status != status:
        raise SmokeTestFailed(f"answered with {reply.status}, not {status}{quote(reply)}")
    return reply


def expect_file(reply: Reply, file: PageFile, name: str, edge: bool) -> None:
    """Hold a reply to a file: its content, its type, and at the edge its caching."""
    expect_status(reply, 200)
    if reply.media_type != file.media_type.partition(";")[0]:
        raise SmokeTestFailed(f"{name} is sent as {reply.media_type or 'nothing'}")
    if reply.body != file.content:
        raise SmokeTestFailed(f"{name} is not the one that is here")
    caching = reply.headers.get("Cache-Control")
    if edge and caching != file.caching:
        raise SmokeTestFailed(f"{name} is cached by {caching!r}, not by {file.caching!r}")


def expect_problem(reply: Reply, status: int, slug: str) -> str:
    expect_status(reply, status)
    problem = read_json(reply)
    if reply.media_type != "application/problem+json" or problem.get("type") != slug:
        raise SmokeTestFailed(f"{status}, but not the problem {slug}{quote(reply)}")
    return f"{status} {slug}"


def read_json(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body)
    except ValueError:
        raise SmokeTestFailed(f"the answer is no JSON{quote(reply)}") from None
    if not isinstance(found, dict):
        raise SmokeTestFailed("the answer is no JSON object")
    return found


def quote(reply: Reply) -> str:
    """The beginning of what was answered, on one line and in letters that a terminal may show."""
    text = reply.body[:200].decode(errors="replace")
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return f": {' '.join(shown.split())}" if shown.strip() else ""
