import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from predictor.errors import UnknownEvent
from predictor.logs import Log, hash_key
from storage.errors import StorageUnavailable


@pytest.fixture
def written() -> list[str]:
    return []


@pytest.fixture
def log(written: list[str]) -> Log:
    return Log("request-1", written.append, "Inkling/mine")


def read(written: list[str]) -> dict[str, Any]:
    (text,) = written
    assert text.endswith("\n")
    assert text.count("\n") == 1
    line: dict[str, Any] = json.loads(text)
    return line


def test_a_line_says_when_how_bad_and_for_which_request(log: Log, written: list[str]) -> None:
    log.line("something", level="warning", number=3)
    line = read(written)
    assert datetime.fromisoformat(line["time"]) <= datetime.now(UTC)
    assert (line["level"], line["message"], line["number"]) == ("warning", "something", 3)
    assert line["request_id"] == "request-1"


def test_a_request_without_an_id_has_none(written: list[str]) -> None:
    Log(None, written.append).line("something")
    assert "request_id" not in read(written)


def test_every_metric_that_is_declared_is_there_and_no_other(log: Log, written: list[str]) -> None:
    came = datetime.now(UTC) - timedelta(seconds=5)
    log.upload("scans/7.png", "digit", seconds=0.25, modified_at=came)
    line = read(written)
    declared = line["_aws"]["CloudWatchMetrics"]
    for each in declared:
        assert each["Namespace"] == "Inkling/mine"
        for names in each["Dimensions"]:
            assert all(isinstance(line[name], str) for name in names)
        for metric in each["Metrics"]:
            assert isinstance(line[metric["Name"]], int | float)
    assert line["milliseconds"] == 250
    assert 5 <= line["age"] < 60
    assert abs(line["_aws"]["Timestamp"] / 1000 - datetime.now(UTC).timestamp()) < 60


def test_what_was_not_found_has_no_age(log: Log, written: list[str]) -> None:
    log.upload("scans/7.png", "ignored", seconds=0.1)
    line = read(written)
    assert "age" not in line
    assert "age" not in json.dumps(line["_aws"])


def test_an_image_that_comes_from_a_clock_ahead_has_no_age_below_zero(
    log: Log, written: list[str]
) -> None:
    later = datetime.now(UTC) + timedelta(seconds=5)
    log.upload("scans/7.png", "digit", seconds=0.1, modified_at=later)
    assert read(written)["age"] == 0


@pytest.mark.parametrize("key", ["scans/7.png", "scans/ü😀.png"])
def test_a_key_is_told_by_its_hash(log: Log, written: list[str], key: str) -> None:
    log.upload(key, "digit", seconds=0.1)
    assert read(written)["key"] == hash_key(key)
    assert len(hash_key(key)) == 16
    assert key not in written[0]


def test_only_our_own_errors_have_their_say(log: Log, written: list[str]) -> None:
    for error in (StorageUnavailable("The table is down."), ValueError("anna-smith.png")):
        try:
            raise error
        except Exception as raised:
            log.line("trouble", error=raised)
    ours, others = (json.loads(text)["error"] for text in written)
    assert ours.endswith("StorageUnavailable: The table is down.")
    assert "ValueError" in others
    assert "anna" not in others
    assert "test_logs.py" in others  # where it was raised


def test_an_error_of_the_predictors_own_is_told(log: Log, written: list[str]) -> None:
    log.line("trouble", error=UnknownEvent("The message is not JSON."))
    assert read(written)["error"].endswith("UnknownEvent: The message is not JSON.")
