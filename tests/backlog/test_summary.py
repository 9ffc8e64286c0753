"""What Step Functions leaves of a backlog, in whatever files, and what is made of it."""

import csv
import io
import json
import re
from typing import Any

import pytest

from predictor.errors import SettingsError
from predictor.settings import RESULTS_VARIABLE
from predictor.summary import handler
from storage.errors import StorageUnavailable
from tests.stack.cloud import Cloud

pytestmark = pytest.mark.slow


class Backlog:
    """A folder of the bucket, with files as Step Functions writes them."""

    def __init__(self, cloud: Cloud, name: str) -> None:
        self.name = name
        self._s3 = cloud.connect("s3")
        self._bucket = cloud.results

    def leave(self, path: str, *children: dict[str, Any], lines: bool = True) -> None:
        texts = [json.dumps(child) for child in children]
        body = "\n".join(texts) if lines else f"[{','.join(texts)}]"
        self._s3.put_object(
            Bucket=self._bucket, Key=f"backlogs/{self.name}/{path}", Body=body.encode()
        )

    def sum_up(self, tolerated: float = 5) -> dict[str, Any]:
        return handler({"execution": self.name, "tolerated": tolerated}, None)

    def read(self, name: str) -> list[dict[str, str]]:
        key = f"backlogs/{self.name}/{name}.csv"
        body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.fixture
def backlog(
    cloud: Cloud, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Backlog:
    for name, value in {**cloud.account, RESULTS_VARIABLE: cloud.results}.items():
        monkeypatch.setenv(name, value)
    return Backlog(cloud, re.sub(r"\W", "-", request.node.name))


def read(*keys: str, digit: int = 7) -> dict[str, Any]:
    """A batch that was read."""
    results = [
        {"key": key, "outcome": "digit", "digit": digit, "confidence": 0.9, "id": "x"}
        for key in keys
    ]
    return {
        "Status": "SUCCEEDED",
        "Input": write_input(*keys),
        "Output": json.dumps({"results": results, "counts": {"digit": len(keys)}}),
    }


def fail(*keys: str, status: str = "FAILED", listed: str = "raw", **words: str) -> dict[str, Any]:
    return {"Status": status, "Input": write_input(*keys, listed=listed), **words}


def write_output(*results: dict[str, Any]) -> dict[str, Any]:
    return {"Output": json.dumps({"results": results, "counts": {}})}


def write_input(*keys: str, listed: str = "raw") -> str:
    items = [{"Key": key, "Size": 1} for key in keys]
    return json.dumps({"BatchInput": {"keys": listed}, "Items": items})


def test_batches_that_were_read_are_listed_and_counted(backlog: Backlog) -> None:
    backlog.leave("run/SUCCEEDED_0.json", read("a", "b"), read("c", digit=3))
    backlog.leave("run/SUCCEEDED_1.json", read("d"))
    summary = backlog.sum_up()
    assert (summary["images"], summary["counts"]) == (4, {"digit": 4})
    rows = backlog.read("results")
    assert [(row["key"], row["digit"]) for row in rows] == [
        *(("a", "7"), ("b", "7"), ("c", "3"), ("d", "7"))
    ]
    assert backlog.read("failures") == []


def test_batches_that_failed_are_listed_image_by_image_with_a_reason(backlog: Backlog) -> None:
    backlog.leave("run/SUCCEEDED_0.json", read("a"))
    backlog.leave(
        "run/FAILED_0.json",
        fail("b", "c", Error="BatchIncomplete", Cause="{}"),
        fail("d", status="TIMED_OUT"),
        fail("e", status="ABORTED"),
    )
    summary = backlog.sum_up()
    assert summary["counts"] == {"digit": 1, "failed": 4}
    rows = [(row["key"], row["outcome"], row["reason"]) for row in backlog.read("failures")]
    assert rows == [
        ("b", "failed", "BatchIncomplete"),
        ("c", "failed", "BatchIncomplete"),
        ("d", "failed", "timed-out"),
        ("e", "failed", "aborted"),
    ]


@pytest.mark.parametrize(
    ("tolerated", "expected"), [(0, False), (24.9, False), (25, True), (100, True)]
)
def test_summary_tells_whether_so_many_failures_are_tolerated(
    backlog: Backlog, tolerated: float, expected: bool
) -> None:
    bad = {"key": "b", "outcome": "unreadable", "digit": None, "reason": "corrupt-image"}
    backlog.leave("run/SUCCEEDED_0.json", read("a", "c"), read("b") | write_output(bad))
    backlog.leave("run/FAILED_0.json", fail("d"))
    assert backlog.sum_up(tolerated)["tolerated"] is expected


def test_backlog_without_images_has_no_failures_to_tolerate(backlog: Backlog) -> None:
    assert backlog.sum_up(0)["tolerated"] is True


def test_image_that_is_none_is_a_result_and_a_failure(backlog: Backlog) -> None:
    bad = {"key": "b", "outcome": "unreadable", "digit": None, "reason": "corrupt-image"}
    backlog.leave(
        "run/SUCCEEDED_0.json",
        read("a") | write_output(bad),
    )
    assert backlog.sum_up()["counts"] == {"unreadable": 1}
    assert backlog.read("results") == backlog.read("failures")


def test_what_was_redone_counts_once_and_as_read(backlog: Backlog) -> None:
    # Both attempts left files, under whatever names.
    backlog.leave("run/FAILED_0.json", fail("b", Error="States.Timeout"), fail("c"))
    backlog.leave("run/SUCCEEDED_0.json", read("a"))
    backlog.leave("run/redrive/SUCCEEDED_0.json", read("a"), read("b"), read("c"))
    assert backlog.sum_up()["counts"] == {"digit": 3}
    assert [row["key"] for row in backlog.read("results")] == ["a", "b", "c"]
    assert backlog.read("failures") == []


def test_what_the_first_attempt_read_counts_where_the_second_left_its_own_alone(
    backlog: Backlog,
) -> None:
    backlog.leave("run/SUCCEEDED_0.json", read("a"))
    backlog.leave("run/SUCCEEDED_1.json", read("b"))
    backlog.leave("run/PENDING_0.json", fail("b", status="PENDING"))
    assert backlog.sum_up()["counts"] == {"digit": 2}


def test_file_that_is_one_list_is_read_as_well(backlog: Backlog) -> None:
    backlog.leave("run/SUCCEEDED_0.json", read("a"), read("b"), lines=False)
    backlog.leave("run/FAILED_0.jsonl", fail("c"))
    assert backlog.sum_up()["counts"] == {"digit": 2, "failed": 1}


def test_keys_of_an_inventory_are_decoded(backlog: Backlog) -> None:
    backlog.leave("run/FAILED_0.json", fail("a+b%2B%C3%BC.png", listed="encoded"))
    backlog.leave("run/FAILED_1.json", fail("a+b%2B%C3%BC.png"))
    backlog.sum_up()
    assert [row["key"] for row in backlog.read("failures")] == ["a b+ü.png", "a+b%2B%C3%BC.png"]


def test_more_files_than_a_listing_has_on_a_page_are_read(backlog: Backlog) -> None:
    for i in range(1005):
        backlog.leave(f"run/SUCCEEDED_{i}.json", read(f"{i:04}"))
    assert backlog.sum_up()["images"] == 1005


def test_another_backlogs_files_are_not_its_own(backlog: Backlog, cloud: Cloud) -> None:
    backlog.leave("run/SUCCEEDED_0.json", read("a"))
    Backlog(cloud, f"{backlog.name}-2").leave("run/SUCCEEDED_0.json", read("b"))
    backlog.leave("manifest.json", {"ResultFiles": {}})
    assert backlog.sum_up()["images"] == 1


def test_summary_is_made_anew_from_the_same_files(backlog: Backlog) -> None:
    backlog.leave("run/SUCCEEDED_0.json", read("a"))
    assert backlog.sum_up() == backlog.sum_up()


def test_store_that_fails_is_an_error_to_try_again_at(
    backlog: Backlog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(RESULTS_VARIABLE, "there-is-no-such-bucket")
    with pytest.raises(StorageUnavailable, match="NoSuchBucket"):
        backlog.sum_up()


def test_missing_setting_is_named(backlog: Backlog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RESULTS_VARIABLE)
    with pytest.raises(SettingsError, match=RESULTS_VARIABLE):
        backlog.sum_up()
