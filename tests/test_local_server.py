"""The server on a laptop, as a process: it starts, answers, ends, and says why it can't."""

import contextlib
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from api.rate_limit import COUNTED_METHODS
from local_server import open_listener
from tests.api.forms import multipart
from tests.conftest import DrawDigit
from tests.server_process import PATIENCE, ROOT, SERVER, Process, running

pytestmark = pytest.mark.slow


def fail(*arguments: str, server: Path = SERVER, **environment: str) -> str:
    """Start a server that can't; returns what it says of that."""
    result = subprocess.run(
        [sys.executable, str(server), *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, **environment},
    )
    assert result.returncode == 1
    assert result.stdout == ""
    (sentence,) = result.stderr.splitlines()
    assert "Traceback" not in sentence
    return sentence


def test_it_prints_its_address_and_answers_there(tmp_path: Path, draw_digit: DrawDigit) -> None:
    with running(tmp_path / "data") as server:
        assert re.fullmatch(r"Inkling is at http://127\.0\.0\.1:\d+\n", server.line)
        assert b"<html" in server.request("/")
        answer = json.loads(server.request("/api/recognitions", draw_digit(7)))
        assert (answer["digit"], answer["stored"]) == (7, True)
        kept = json.loads(server.request(f"/api/recognitions/{answer['id']}"))
        assert kept["digit"] == 7


def test_what_was_kept_outlasts_the_server(tmp_path: Path, draw_digit: DrawDigit) -> None:
    with running(tmp_path) as server:
        answer = json.loads(server.request("/api/recognitions", draw_digit(7)))
        server.stop()
    with running(tmp_path) as server:
        path = f"/api/recognitions/{answer['id']}"
        assert json.loads(server.request(path))["id"] == answer["id"]
        server.request(path, method="DELETE")
    assert list((tmp_path / "images").glob("*.png")) == []


def list_with(server: Process, key: str) -> list[dict[str, object]]:
    page = json.loads(server.request("/api/recognitions", key=key))
    recognitions: list[dict[str, object]] = page["recognitions"]
    return recognitions


def test_it_makes_a_key_at_its_first_start_and_says_where(
    tmp_path: Path, draw_digit: DrawDigit
) -> None:
    path = tmp_path / "data" / "api-key"
    with running(tmp_path / "data") as server:
        kept = json.loads(server.request("/api/recognitions", draw_digit(7)))
        assert [each["id"] for each in list_with(server, path.read_text().strip())] == [kept["id"]]
        with pytest.raises(urllib.error.HTTPError, match="401"):
            list_with(server, "another")
        _, out, err = server.stop()
    assert out == f"Its API key, which is new, is in {path}\n"
    key = path.read_text().strip()
    assert key not in err
    with running(tmp_path / "data") as server:
        assert len(list_with(server, key)) == 1
        _, out, _ = server.stop()
    assert out == ""


@pytest.mark.skipif(os.name == "nt", reason="files have no modes there")
def test_what_is_kept_is_its_owner_s_alone(tmp_path: Path, draw_digit: DrawDigit) -> None:
    data = tmp_path / "data"
    with running(data) as server:
        server.request("/api/recognitions", draw_digit(7))
        kept = [data, *data.rglob("*")]
        assert any(path.suffix == ".png" for path in kept)
        assert [path.name for path in kept if path.stat().st_mode & 0o077] == []


def test_it_takes_keys_from_the_environment_too(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"a key").hexdigest()
    with running(tmp_path, INKLING_API_KEY_SHA256=digest) as server:
        for key in ("a key", (tmp_path / "api-key").read_text().strip()):
            assert list_with(server, key) == []


def test_a_key_file_without_a_key_is_said(tmp_path: Path) -> None:
    (tmp_path / "api-key").write_bytes(b"\xff")
    sentence = fail("--port", "0", "--data", str(tmp_path))
    assert re.fullmatch(r".*api-key can't be used: it is not a text\.", sentence)


def test_a_client_that_asks_too_often_is_told_when_to_ask_again(
    tmp_path: Path, draw_digit: DrawDigit
) -> None:
    with running(tmp_path, "--rate", "3") as server:
        for _ in range(3):
            server.request("/api/recognitions", draw_digit(7))
        another = urllib.request.Request(
            f"{server.url}/api/recognitions",
            draw_digit(7),
            {"X-Forwarded-For": "192.0.2.7"},  # as anyone may claim
        )
        with pytest.raises(urllib.error.HTTPError, match="429") as refusal:
            urllib.request.urlopen(another, timeout=PATIENCE)
        assert 0 < int(refusal.value.headers["Retry-After"]) <= 20
        refusal.value.close()
        assert b"<html" in server.request("/")


def test_a_client_may_ask_as_often_as_it_likes_where_it_is_told_so(
    tmp_path: Path, draw_digit: DrawDigit
) -> None:
    with running(tmp_path, "--rate", "0") as server:
        for _ in range(700):
            server.request("/api/recognitions?store=false", draw_digit(7))


@pytest.mark.parametrize("rate", ["-1", "1.5", "many", "", "9" * 5000])
def test_a_rate_that_is_none_is_said(rate: str) -> None:
    result = subprocess.run(
        [sys.executable, str(SERVER), f"--rate={rate}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.endswith("is not a number of requests.\n")


def test_its_help_names_every_method_that_its_rate_counts() -> None:
    command = [sys.executable, str(SERVER), "--help"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    said = re.search(r"--rate RATE (.*?) that one client may send", " ".join(result.stdout.split()))
    assert said is not None
    assert set(re.findall("[A-Z]{2,}", said[1])) == COUNTED_METHODS


def test_what_expired_is_gone_at_the_next_start(tmp_path: Path, draw_digit: DrawDigit) -> None:
    with running(tmp_path, INKLING_RETENTION_DAYS="1") as server:
        kept = json.loads(server.request("/api/recognitions", draw_digit(7)))
        other = json.loads(server.request("/api/recognitions", draw_digit(3)))
        server.stop()
    with contextlib.closing(sqlite3.connect(tmp_path / "records.sqlite")) as connection, connection:
        (seconds,) = connection.execute(
            "SELECT expires_at FROM records WHERE id = ?", (kept["id"],)
        ).fetchone()
        assert 86_300 < seconds - time.time() < 86_400
        connection.execute("UPDATE records SET expires_at = 1 WHERE id = ?", (kept["id"],))
    with running(tmp_path) as server:
        with pytest.raises(urllib.error.HTTPError, match="404"):
            server.request(f"/api/recognitions/{kept['id']}")
        server.request(f"/api/recognitions/{other['id']}")
        deadline = time.monotonic() + PATIENCE
        while len(list((tmp_path / "images").glob("*.png"))) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert [file.stem for file in (tmp_path / "images").glob("*.png")] == [other["id"]]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_when_told_to(tmp_path: Path, number: int) -> None:
    with running(tmp_path) as server:
        server.request("/api/health")
        started = time.monotonic()
        status, out, err = server.stop(number)
        assert time.monotonic() - started < 3
    assert status == 0
    assert "API key" in out
    assert len(out.splitlines()) == 1
    assert [json.loads(line)["route"] for line in err.splitlines()] == ["/api/health"]


def test_it_needs_no_standard_error(tmp_path: Path) -> None:
    """A shell closes it with `2>&-`."""
    command = ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, str(SERVER)]
    process = subprocess.Popen(
        [*command, "--port", "0", "--data", str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().rpartition(" ")[2].strip()
        with urllib.request.urlopen(f"{url}/api/health", timeout=PATIENCE) as response:
            assert response.status == 200
    finally:
        process.kill()
        process.communicate()


def test_its_log_is_json_and_nothing_else(tmp_path: Path, draw_digit: DrawDigit) -> None:
    """LiteRT, too, has something to say, when a model is loaded."""
    body = multipart("file", draw_digit(7))
    with running(tmp_path) as server:
        server.request("/api/recognitions", draw_digit(7))
        server.request("/api/recognitions/batch", body + body)
        _, _, err = server.stop()
    assert [json.loads(line)["message"] for line in err.splitlines()] == ["request"] * 2


def test_it_ends_while_a_client_is_slow_to_send(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as idle:
            idle.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")
            time.sleep(0.2)
            status, _, err = server.stop()
    assert status == 0
    assert "Traceback" not in err


def test_a_client_that_breaks_off_is_no_error(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")
            time.sleep(0.2)
        server.request("/api/health")
        _, _, err = server.stop()
    lines = [json.loads(line) for line in err.splitlines()]
    assert {line["level"] for line in lines} == {"info"}
    assert sorted(line["status"] for line in lines) == [200, 400]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_before_it_has_begun(tmp_path: Path, number: int) -> None:
    """Its port is taken first, and the slow part, its imports, comes after."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = probe.getsockname()
    process = subprocess.Popen(
        [sys.executable, str(SERVER), "--port", str(address[1]), "--data", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(address):
            break
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert out == ""
    assert "Traceback" not in err


def test_a_second_start_answers_after_less_than_two_seconds_of_work(
    tmp_path: Path, draw_digit: DrawDigit
) -> None:
    """Seconds of the processor: those on the wall depend on what else the machine does."""
    with running(tmp_path) as server:
        server.stop()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with running(tmp_path) as server:
        server.request("/api/recognitions", draw_digit(7))
        server.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 2


def test_it_starts_again_after_being_killed(tmp_path: Path, draw_digit: DrawDigit) -> None:
    with running(tmp_path) as server:
        answer = json.loads(server.request("/api/recognitions", draw_digit(7)))
        server.stop(signal.SIGKILL)
    with running(tmp_path) as server:
        server.request(f"/api/recognitions/{answer['id']}")
        server.stop()
    with contextlib.closing(sqlite3.connect(tmp_path / "records.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_it_listens_on_ipv6(tmp_path: Path) -> None:
    with running(tmp_path, "--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert b"ok" in server.request("/api/health")


def test_an_answer_waits_for_no_acknowledgement() -> None:
    """An answer is written in two parts, and the second must not wait for the first one's ACK."""
    with (
        open_listener("127.0.0.1", 0) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = fail("--port", str(port), "--data", str(tmp_path))
    assert sentence == f"Port {port} is in use. Choose another: make run PORT={port + 1}"


def test_after_the_last_port_the_one_before_is_suggested(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # it's taken already: as well
            stack.enter_context(socket.create_server(("127.0.0.1", 65535)))
        sentence = fail("--port", "65535", "--data", str(tmp_path))
    assert sentence == "Port 65535 is in use. Choose another: make run PORT=65534"


@pytest.mark.parametrize("port", ["-1", "65536", "http", "1e3", ""])
def test_a_port_that_is_none_is_said(port: str) -> None:
    result = subprocess.run(
        [sys.executable, str(SERVER), f"--port={port}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.endswith(f"argument --port: {port!r} is not a number from 0 to 65535.\n")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("host", ["a..b", "x" * 64, "é..b"])
def test_a_host_that_is_none_is_said(tmp_path: Path, host: str) -> None:
    sentence = fail("--port", "0", "--data", str(tmp_path), "--host", host)
    assert re.fullmatch(rf"Can't listen at {re.escape(host)}, port 0: [^()]+\.", sentence)


def test_a_data_folder_that_can_t_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("I am a file")
    sentence = fail("--port", "0", "--data", str(tmp_path / "data"))
    assert re.fullmatch(r".*data/images can't be used: Not a directory\.", sentence)


def test_a_data_file_that_is_no_database_is_said_and_kept(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_text("my holiday notes " * 100)
    sentence = fail("--port", "0", "--data", str(tmp_path))
    assert "records.sqlite can't be used" in sentence
    assert (tmp_path / "records.sqlite").read_text().startswith("my holiday notes")


@pytest.mark.parametrize("there", ["nothing", "index.html"])
def test_a_page_that_is_missing_is_said(tmp_path: Path, there: str) -> None:
    (tmp_path / there).touch()
    sentence = fail("--port", "0", "--data", str(tmp_path), INKLING_PAGE=str(tmp_path))
    assert sentence.startswith("INKLING_PAGE")


@pytest.fixture
def copy_of_the_server(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "functions", tmp_path / "functions", ignore=ignored)
    shutil.copytree(ROOT / "frontend", tmp_path / "frontend", ignore=ignored)
    return tmp_path / "functions" / "local_server.py"


def test_an_altered_model_is_said(tmp_path: Path, copy_of_the_server: Path) -> None:
    model = copy_of_the_server.parent / "recognition" / "model" / "digits.tflite"
    model.write_bytes(model.read_bytes()[:-1] + b"x")
    sentence = fail("--port", "0", "--data", str(tmp_path / "data"), server=copy_of_the_server)
    assert sentence == (
        "digits.tflite is not the file that digits.json describes: its hash differs."
    )


def test_a_missing_model_is_said(tmp_path: Path, copy_of_the_server: Path) -> None:
    (copy_of_the_server.parent / "recognition" / "model" / "digits.tflite").unlink()
    sentence = fail("--port", "0", "--data", str(tmp_path / "data"), server=copy_of_the_server)
    assert "digits.tflite" in sentence


def test_an_old_python_is_told_so_and_not_confused() -> None:
    """What comes before the check must be words that it knows; the rest it must at least parse."""
    import ast

    source = SERVER.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    first = next(node for node in tree.body if isinstance(node, ast.If))
    before = [node for node in tree.body[: tree.body.index(first)] if isinstance(node, ast.Import)]
    assert [alias.name for node in before for alias in node.names] == ["sys"]
    old = source.replace("sys.version_info", "(3, 10)", 1)
    result = subprocess.run(
        [sys.executable, "-c", old], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Inkling needs Python 3.11 or later; this is 3.")
    assert len(result.stderr.splitlines()) == 1
