"""A service that is asked for labels: an API of ours, or what is not what it should be."""

from pathlib import Path

import pytest

from model_export import service as service_module
from model_export.errors import DataError
from model_export.labels import export_labels
from model_export.service import Service
from tests.conftest import DrawDigit
from tests.model_export.fake_api import LIST, Answer, page, record, serve
from tests.model_export.people import KEY


@pytest.mark.parametrize("url", ["", "127.0.0.1:8000", "file:///etc", "ftp://127.0.0.1", "//x"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(DataError, match="http"):
        Service(url, KEY)


@pytest.mark.parametrize("key", ["a\r\nHost: b", "ключ", "\x00"])
def test_what_can_be_no_header_is_no_key(key: str) -> None:
    with pytest.raises(DataError, match="key"):
        Service("http://127.0.0.1:9", key)


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"<html>"),
        (200, {}, b"[]"),
        (200, {}, b"[" * 200_000),
        (200, {}, b"\xff"),
        (200, {}, b" " * (service_module._MAX_JSON + 1)),
        (404, {}, b""),
        (302, {"Location": "http://127.0.0.1:9/"}, b""),
        page(record(digit=10)),
        page(record(digit=True)),
        page(record(digit="7")),
        page(record(trusted="yes")),
        page(record(labelled_at="yesterday")),
        page(record(labelled_at="2026-02-03T04:05:06")),
        page(record(id="../../../etc/passwd")),
        page(record(id=7)),
        page(None),
        page(following=7),
        page(following="again"),
    ],
    ids=lambda answer: ascii(answer)[:120],
)
def test_what_is_not_our_api_is_told_and_nothing_is_written(answer: Answer, tmp_path: Path) -> None:
    with serve(answer) as fake, pytest.raises(DataError, match=r"127\.0\.0\.1"):
        export_labels(Service(fake.url, KEY), tmp_path / "labels")
    assert not (tmp_path / "labels").exists()


def test_the_key_follows_no_redirect(tmp_path: Path) -> None:
    with serve(page()) as other, serve((307, {"Location": other.url + LIST}, b"")) as fake:
        with pytest.raises(DataError, match="307"):
            export_labels(Service(fake.url, KEY), tmp_path / "labels")
        assert other.requests == []


def test_a_busy_service_is_asked_again(
    draw_digit: DrawDigit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("model_export.service.time.sleep", waits.append)
    busy = [(429, {"Retry-After": "3"}, b""), (503, {}, b""), (429, {"Retry-After": "9999"}, b"")]
    with serve(*busy, page(record()), image=draw_digit(1)) as fake:
        assert export_labels(Service(fake.url, KEY), tmp_path / "labels").written == 1
    assert waits == [3, 2, 60]


def test_a_service_that_stays_busy_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model_export.service.time.sleep", lambda _: None)
    with serve((503, {}, b"")) as fake, pytest.raises(DataError, match="503"):
        export_labels(Service(fake.url, KEY), tmp_path / "labels")
    assert len(fake.requests) == service_module._ATTEMPTS
    with pytest.raises(DataError, match="can't be reached"):
        export_labels(Service("http://127.0.0.1:9", KEY), tmp_path / "labels")
