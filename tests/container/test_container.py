"""The image, running: read-only, as nobody, healthy, and what it keeps outlasts it."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx2
import pytest

from api.settings import RETENTION_VARIABLE
from tests.conftest import DrawDigit
from tests.container.container import PATIENCE, Container, docker, running
from tests.recognition.hostile import FILES

pytestmark = [pytest.mark.docker, pytest.mark.slow]

EXAMPLE: Final = Path(__file__).parents[2] / "frontend/examples/7.jpg"
STOP_SECONDS: Final = 8
"""Of the 10 that Docker gives a container before it kills it."""


def send(client: httpx2.Client, image: bytes) -> dict[str, object]:
    response = client.post("/api/recognitions", content=image)
    assert response.status_code == 200, response.text
    answer: dict[str, object] = response.json()
    return answer


def test_an_example_is_recognised_and_kept(container: Container) -> None:
    with container.client() as client:
        answer = send(client, EXAMPLE.read_bytes())
        assert (answer["outcome"], answer["digit"], answer["stored"]) == ("digit", 7, True)
        assert client.get(f"/api/recognitions/{answer['id']}").json()["digit"] == 7


def test_the_page_and_its_examples_are_there(container: Container) -> None:
    with container.client() as client:
        assert "<html" in client.get("/").text
        (first, *_) = client.get("/examples/").json()["examples"]
        assert client.get(f"/static/test_digits/{first['name']}.jpg").status_code == 200
        assert client.get("/docs").status_code == 200


def test_nobody_but_this_machine_can_reach_it_unless_told(container: Container) -> None:
    assert container.url.startswith("http://127.0.0.1:")


def test_its_process_is_not_root_and_can_become_nothing_more(container: Container) -> None:
    status = container.execute("cat", "/proc/1/status").stdout
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["Uid"].split() == ["10001"] * 4
    assert fields["Gid"].split() == ["10001"] * 4
    assert int(fields["CapBnd"], 16) == int(fields["CapEff"], 16) == 0
    assert fields["NoNewPrivs"] == "1"


@pytest.mark.parametrize("place", ["/app/new", "/new", "/var/new", "/etc/passwd"])
def test_nothing_can_be_written_but_data_and_what_is_gone_with_it(
    container: Container, place: str
) -> None:
    for user in ("", "0"):  # the second is what an attacker would be after
        refused = container.execute("sh", "-c", f"echo x >> {place}", user=user)
        assert refused.returncode != 0
        assert "Read-only file system" in refused.stderr or "denied" in refused.stderr
    for allowed in ("/data/new", "/tmp/new"):
        assert container.execute("sh", "-c", f"echo x > {allowed} && rm {allowed}").returncode == 0


def test_what_is_kept_is_the_server_s_alone(container: Container) -> None:
    key = container.execute("stat", "-c", "%u %a", "/data/api-key").stdout.split()
    assert key == ["10001", "600"]
    assert container.execute("stat", "-c", "%u %a", "/data").stdout.split() == ["10001", "700"]


def test_a_server_that_does_not_answer_is_unhealthy(image: str) -> None:
    with running(image, "--health-retries", "1") as container:
        docker("kill", "--signal", "STOP", container.name)
        container.wait_until("unhealthy")
        docker("kill", "--signal", "CONT", container.name)
        container.wait_until("healthy")


def test_its_health_is_asked_for_directly_whatever_proxy_there_is(image: str) -> None:
    with running(image, "--env", "http_proxy=http://192.0.2.1:1", "--env", "HTTP_PROXY=x:1"):
        pass


def test_no_module_is_compiled_at_the_start(image: str, draw_digit: DrawDigit) -> None:
    """On a read-only root that would be so at every start, and in every health check."""
    with running(image, "--env", "PYTHONVERBOSE=1") as container:
        with container.client() as client:
            send(client, draw_digit(7))
            client.get("/api/system_info")
            client.get("/docs")
        lines = container.log.splitlines()
    loaded = [line for line in lines if line.startswith("# code object from ")]
    assert len(loaded) > 300
    assert [line for line in loaded if not line.endswith(".pyc'")] == []


def test_records_outlast_a_restart_and_the_container(
    image: str, volume: str, draw_digit: DrawDigit
) -> None:
    mounted = ("--volume", f"{volume}:/data")
    with running(image, *mounted) as container:
        with container.client() as client:
            record = f"/api/recognitions/{send(client, draw_digit(7))['id']}"
        docker("restart", container.name)
        container.wait_until("healthy")
        with container.client() as client:
            assert client.get(record).json()["digit"] == 7
        key = container.execute("cat", "/data/api-key").stdout
    with running(image, *mounted) as another:
        with another.client() as client:
            assert client.get(record).json()["digit"] == 7
            assert client.get(f"{record}/image").content
        assert another.execute("cat", "/data/api-key").stdout == key


def test_a_stop_takes_seconds_and_loses_nothing_that_was_acknowledged(
    image: str, volume: str, draw_digit: DrawDigit
) -> None:
    mounted = ("--volume", f"{volume}:/data")
    acknowledged: list[str] = []
    cut_off: list[Exception] = []

    def keep_sending(url: str) -> None:
        with httpx2.Client(base_url=url, timeout=10) as client:
            try:
                while True:
                    response = client.post("/api/recognitions", content=draw_digit(7))
                    answer = response.json()
                    assert answer["stored"], answer
                    acknowledged.append(answer["id"])
            except httpx2.TransportError as error:  # the end of the server
                cut_off.append(error)

    with running(image, *mounted, arguments=("--rate", "0")) as container:
        url = container.url
        senders = [threading.Thread(target=keep_sending, args=(url,)) for _ in range(4)]
        for sender in senders:
            sender.start()
        wait_for(lambda: len(acknowledged) > 20)
        began = time.monotonic()
        docker("stop", container.name)
        assert time.monotonic() - began < STOP_SECONDS
        for sender in senders:
            sender.join()
        assert len(cut_off) == len(senders)
        assert container.state["ExitCode"] == 0
        assert "Traceback" not in container.log
    with running(image, *mounted) as container, container.client() as client:
        lost = [
            record_id
            for record_id in acknowledged
            if client.get(f"/api/recognitions/{record_id}").status_code != 200
            or client.get(f"/api/recognitions/{record_id}/image").status_code != 200
        ]
    assert lost == []


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_settings_come_from_the_environment_and_from_arguments(
    image: str, draw_digit: DrawDigit
) -> None:
    environment = ("--env", f"{RETENTION_VARIABLE}=none")
    refused = Container(image, *environment)
    try:
        wait_for(lambda: not refused.state["Running"])
        assert refused.state["ExitCode"] == 1
        assert RETENTION_VARIABLE in refused.log
    finally:
        refused.remove()
    with running(image, arguments=("--rate", "1")) as container, container.client() as client:
        send(client, draw_digit(7))
        assert client.post("/api/recognitions", content=draw_digit(7)).status_code == 429


def test_a_folder_that_is_not_its_own_is_said_in_one_sentence(image: str, tmp_path: Path) -> None:
    refused = Container(image, "--volume", f"{tmp_path}:/data:ro")
    try:
        wait_for(lambda: not refused.state["Running"])
        assert refused.state["ExitCode"] == 1
        (sentence,) = refused.log.splitlines()
        assert "/data" in sentence
    finally:
        refused.remove()


def test_the_largest_images_at_once_fit_the_memory_that_it_is_given(image: str) -> None:
    (largest,) = [each.build() for each in FILES if each.name == "png rgba 25 megapixels"]
    statuses: list[int] = []

    def send_it(url: str) -> None:
        with httpx2.Client(base_url=url, timeout=300) as client:
            statuses.append(client.post("/api/recognitions", content=largest).status_code)

    with running(image) as container:
        senders = [threading.Thread(target=send_it, args=(container.url,)) for _ in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        assert not container.state["OOMKilled"]
        assert container.state["Running"]
    assert len(statuses) == 4
    assert max(statuses) < 500
