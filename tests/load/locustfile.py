"""The traffic that a page and a few programs make, for Locust: `make load`.

A person draws, and the page asks after every stroke; some press the button, and what is kept is
looked at, corrected or deleted. Others upload a photo or take an example, a program sends batches,
a monitor asks how it is, and some send what is no image. Each answer is checked for what it says.
"""

import base64
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from locust import FastHttpUser, events, task
from locust.env import Environment

from tests.load import expectations as expect
from tests.load.pictures import Picture, draw_blank, draw_pad, photograph
from tests.load.summary import summarise

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "frontend"
URL: Final = "/api/recognitions"
UNKNOWN: Final = "00000000-0000-7000-8000-000000000000"
BATCH: Final = 8
MAX_BYTES: Final = 4 * 1024**2
SECONDS: Final = 30.0
"""API Gateway itself gives up after 29."""

FILES: Final = {
    "/": "index.html",
    **{
        f"/{path.relative_to(PAGE).as_posix()}": path.relative_to(PAGE).as_posix()
        for path in sorted([*PAGE.rglob("*.css"), *PAGE.rglob("*.js")])
    },
}
"""By address, those of the page that are text: pictures take an Accept header in the cloud."""


class Person(FastHttpUser):
    """Whoever uses the service: the tasks' weights are percent of what all of them do."""

    network_timeout = SECONDS
    connection_timeout = SECONDS

    def wait_time(self) -> float:
        return float(self.environment.parsed_options.pause)

    @task(40)
    def draw(self) -> None:
        """The page asks after every stroke, and nothing is kept."""
        picture = random.choice(draw_pad())
        self.recognise("draw, as one draws", picture, f"{URL}?store=false")

    @task(18)
    def draw_and_press(self) -> None:
        picture = random.choice(draw_pad())
        answer = self.recognise("draw, and press the button", picture)
        if answer.get("stored"):
            self.look_after(answer["id"], picture)

    @task(2)
    def press_on_nothing(self) -> None:
        self.recognise("draw nothing", draw_blank(), f"{URL}?store=false")

    @task(10)
    def upload_photo(self) -> None:
        self.recognise("upload a photo", random.choice(photograph()))

    @task(7)
    def take_example(self) -> None:
        self.ask("list the examples", "GET", "/examples/", expect.is_object(examples=r"\[.+\]"))
        digit = random.randrange(10)
        path = f"/static/test_digits/{digit}.jpg"
        content = (PAGE / f"examples/{digit}.jpg").read_bytes()
        accept = {"Accept": "image/jpeg"}  # or API Gateway sends base64
        self.ask("fetch an example", "GET", path, expect.is_file(content), headers=accept)
        self.recognise("read an example", Picture(content, "digit", digit, "image/jpeg"))

    @task(8)
    def open_page(self) -> None:
        path = random.choice(list(FILES))
        self.ask("a file of the page", "GET", path, expect.is_file(read_file(FILES[path])))

    @task(2)
    def send_batch(self) -> None:
        pictures = random.sample(draw_pad(), BATCH)
        body = {"images": [to_base64(picture.content) for picture in pictures]}
        check = expect.recognises_all(pictures)
        self.ask(f"a batch of {BATCH}", "POST", f"{URL}/batch?store=false", check, json=body)

    @task(2)
    def ask_as_older_clients_do(self) -> None:
        picture = random.choice(draw_pad())
        body = {"image": to_base64(picture.content)}
        check = expect.is_object(prediction=str(picture.digit), certainty=r"\d+(\.\d+)?")
        self.ask("an older client", "POST", "/api/predict", check, json=body)

    @task(4)
    def ask_how_it_is(self) -> None:
        share = r"\d{1,3}%|unknown"
        check = expect.is_object(memory=share, cpu=share)
        self.ask("system info", "GET", "/api/system_info", check)
        check = expect.is_object(status="ok", model="[0-9a-f]{64}")
        self.ask("health", "GET", "/api/health", check)

    @task(7)
    def send_rubbish(self) -> None:
        bad = random.choice(RUBBISH)
        check = expect.is_problem(bad.problem, bad.status)
        options: dict[str, Any] = {}
        if bad.body is not None:
            options = {"data": bad.body, "headers": {"Content-Type": bad.media_type}}
        self.ask(f"bad: {bad.name}", bad.method, bad.path, check, **options)

    def look_after(self, record: str, picture: Picture) -> None:
        """What people do with what was kept."""
        path = f"{URL}/{record}"
        check = expect.is_object(id=record, digit=str(picture.digit))
        self.ask("look it up", "GET", path, check)
        chance = random.random()
        if chance < 0.3:
            body, check = {"digit": picture.digit}, expect.is_object(id=record)
            self.ask("say which digit it was", "PUT", f"{path}/label", check, json=body)
        elif chance < 0.5:
            self.ask("delete it", "DELETE", path, lambda found: expect.has_status(found, 204))
            gone = expect.is_problem("not-found", 404)
            self.ask("look for what is deleted", "GET", path, gone)

    def recognise(self, name: str, picture: Picture, path: str = URL) -> dict[str, Any]:
        headers = {"Content-Type": picture.media_type}
        check = expect.recognises(picture)
        return self.ask(name, "POST", path, check, data=picture.content, headers=headers)

    def ask(
        self, name: str, method: str, path: str, check: expect.Check, **options: Any
    ) -> dict[str, Any]:
        """Send a request, and count it under a name as right or wrong; its JSON, or nothing."""
        options["name"] = name
        with self.client.request(method, path, catch_response=True, **options) as response:
            if wrong := check(response):
                response.failure(wrong)
            else:
                response.success()
            return expect.read_object(response)


def to_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def read_file(name: str) -> bytes:
    return (PAGE / name).read_bytes()


@dataclass(frozen=True, slots=True)
class Rubbish:
    """What is sent, and the problem that it must be answered with."""

    name: str
    problem: str
    status: int
    body: bytes | None = None
    path: str = URL
    media_type: str = "image/png"

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"


RUBBISH: Final = (
    Rubbish("text", "unsupported-image", 415, b"not an image"),
    Rubbish("a damaged PNG", "corrupt-image", 422, draw_blank().content[:60]),
    Rubbish("no image", "missing-image", 422, b""),
    Rubbish("no base64", "invalid-base64", 400, b'{"image": "&&&&"}', URL, "application/json"),
    Rubbish("too large", "image-too-large", 413, bytes(MAX_BYTES + 1)),
    Rubbish("another parameter", "invalid-request", 422, b"x", f"{URL}?Store=no"),
    Rubbish("an unknown id", "not-found", 404, path=f"{URL}/{UNKNOWN}"),
    Rubbish("an unknown page", "not-found", 404, path="/wp-login.php"),
)


@events.init_command_line_parser.add_listener
def add_options(parser: Any) -> None:
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between a user's tasks")
    parser.add_argument("--summary", default="", help="the folder for the table")


@events.init.add_listener
def draw_beforehand(**_: Any) -> None:
    """So that no request waits for a drawing, nor the time that the test has."""
    draw_pad()
    photograph()


@events.quitting.add_listener
def write_summary(environment: Environment, **_: Any) -> None:
    if folder := environment.parsed_options.summary:
        print(summarise(environment, Path(folder)))
    if not environment.stats.total.num_requests:
        environment.process_exit_code = 1  # to Locust, nothing failed
