"""A backlog from its start to its tables: the definition, the predictor and the summary."""

import csv
import gzip
import io
import json
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from tests.backlog.engine.errors import StateFailed
from tests.backlog.engine.execution import Execution
from tests.backlog.scans import draw_scans
from tests.backlog.setting import PREDICTOR, Setting, open_setting
from tests.conftest import DrawDigit
from tests.stack.cloud import Cloud

pytestmark = pytest.mark.slow

AWKWARD = {
    "spaces": "a scan  of 7.png",
    "plus": "1+1=2.png",
    "percent": "100%41%.png",
    "umlauts": "Übergröße/ä.png",
    "emoji": "😀/👩🏽‍🔬.png",
    "quotes": 'it\'s "so", & <so>?#.png',
    "formula": "=HYPERLINK(1).png",
}


@pytest.fixture
def prefix(request: pytest.FixtureRequest) -> str:
    """A part of the bucket for one test alone."""
    return f"scans/{request.node.name}/"


def run_to_end(setting: Setting, name: str, source: dict[str, str]) -> Execution:
    execution = Execution(setting.machine, name, source)
    execution.wait()
    return execution


def read_table(setting: Setting, backlog: str, name: str = "results") -> list[dict[str, str]]:
    text = setting.read(f"backlogs/{backlog}/{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def count_records(setting: Setting, prefix: str) -> Counter[str]:
    """How many records each key has."""
    keys = (item["upload_key"]["S"] for item in setting.scan_records())
    return Counter(key for key in keys if key.startswith(prefix))


def count_results(setting: Setting, prefix: str) -> Counter[str]:
    keys = setting.list_keys(f"results/{prefix}")
    return Counter(key.removeprefix("results/").removesuffix(".json") for key in keys)


def wait_until(is_so: Any, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_every_image_under_a_prefix_is_read_and_listed(setting: Setting, prefix: str) -> None:
    scans = {scan.key: scan for scan in draw_scans(12, prefix)}
    for scan in scans.values():
        setting.drop(scan.key, scan.image)
    setting.drop(f"{prefix}no image.png", b"no image")
    setting.drop(f"{prefix}folder/", b"")
    setting.drop("scans/another/7.png", b"")
    execution = run_to_end(setting, "whole", {"prefix": prefix})
    assert execution.status == "SUCCEEDED"
    summary = execution.output
    assert summary == json.loads(setting.read("backlogs/whole/summary.json"))
    assert (summary["backlog"], summary["images"]) == ("whole", 14)
    assert summary["counts"]["unreadable"] == summary["counts"]["ignored"] == 1
    assert summary["bucket"] == setting.cloud.results
    rows = {row["key"]: row for row in read_table(setting, "whole")}
    assert rows.keys() == {*scans, f"{prefix}no image.png", f"{prefix}folder/"}
    right = [key for key, scan in scans.items() if rows[key]["digit"] == str(scan.digit)]
    assert len(right) >= 11
    (failure,) = read_table(setting, "whole", "failures")
    assert failure == rows[f"{prefix}no image.png"]
    assert (failure["outcome"], failure["reason"]) == ("unreadable", "unsupported-image")
    read = dict.fromkeys([*scans, f"{prefix}no image.png"], 1)
    assert count_records(setting, prefix) == count_results(setting, prefix) == read


def test_backlog_of_what_was_read_before_changes_nothing(
    setting: Setting, prefix: str, draw_digit: DrawDigit
) -> None:
    for digit in range(3):
        setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
    first = run_to_end(setting, "before", {"prefix": prefix})
    records, results = setting.scan_records(), setting.list_keys(f"results/{prefix}")
    bodies = [setting.read(key) for key in results]
    second = run_to_end(setting, "after", {"prefix": prefix})
    assert first.output["counts"] == second.output["counts"] == {"digit": 3}
    assert read_table(setting, "before") == read_table(setting, "after")
    assert setting.scan_records() == records
    assert [setting.read(key) for key in results] == bodies


@pytest.mark.parametrize("name", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize("source", ["prefix", "inventory"])
def test_any_key_comes_through_both_ways(
    setting: Setting, name: str, source: str, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    prefix = f"scans/{tmp_path.name}/"
    setting.drop(prefix + name, draw_digit(7))
    inputs = {"prefix": prefix, "inventory": make_inventory(setting, tmp_path.name, prefix)}
    backlog = f"awkward-{tmp_path.name}"
    execution = run_to_end(setting, backlog, {source: inputs[source]})
    assert execution.output["counts"] == {"digit": 1}
    (row,) = read_table(setting, backlog)
    assert (row["key"], row["digit"]) == (prefix + name, "7")
    assert count_records(setting, prefix) == {prefix + name: 1}


def make_inventory(setting: Setting, name: str, prefix: str) -> str:
    """An inventory of all versions under a prefix, as S3 writes them; the key of its manifest."""
    listed = setting.s3.list_object_versions(Bucket=setting.cloud.uploads, Prefix=prefix)
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for mark in ("Versions", "DeleteMarkers"):
        for each in listed.get(mark, ()):
            shared = [setting.cloud.uploads, quote_plus(each["Key"], safe="/-_.*")]
            shared += [each["VersionId"], str(each["IsLatest"]).lower()]
            writer.writerow([*shared, str(mark != "Versions").lower(), each.get("Size", "")])
    data = f"inventories/uploads/all/data/{name}.csv.gz"
    manifest = {
        "sourceBucket": setting.cloud.uploads,
        "destinationBucket": f"arn:aws:s3:::{setting.cloud.results}",
        "version": "2016-11-30",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size",
        "files": [{"key": data, "size": 1, "MD5checksum": ""}],
    }
    key = f"inventories/uploads/all/{name}/manifest.json"
    body = gzip.compress(text.getvalue().encode())
    setting.s3.put_object(Bucket=setting.cloud.results, Key=data, Body=body)
    setting.s3.put_object(Bucket=setting.cloud.results, Key=key, Body=json.dumps(manifest))
    return key


def test_inventory_has_older_versions_and_what_was_deleted(
    setting: Setting, prefix: str, draw_digit: DrawDigit
) -> None:
    key, gone = f"{prefix}7.png", f"{prefix}gone.png"
    for digit in (3, 7):
        setting.drop(key, draw_digit(digit))
    setting.drop(gone, draw_digit(1))
    setting.s3.delete_object(Bucket=setting.cloud.uploads, Key=gone)
    inventory = make_inventory(setting, "versions", prefix)
    execution = run_to_end(setting, "versions", {"inventory": inventory})
    assert execution.output["counts"] == {"digit": 3, "ignored": 1}
    rows = [(row["key"], row["digit"], row["reason"]) for row in read_table(setting, "versions")]
    expected = [(key, "3", ""), (key, "7", ""), (gone, "1", ""), (gone, "", "gone")]
    assert sorted(rows) == sorted(expected)
    result = json.loads(setting.read(f"results/{key}.json"))
    assert result["digit"] == 7  # the newest has the key's result
    assert count_results(setting, prefix) == {key: 1}


def test_stopped_half_way_and_resumed_it_reads_each_once(
    cloud: Cloud, tmp_path: Path, prefix: str
) -> None:
    with open_setting(cloud, tmp_path, BatchSize="3") as setting:
        scans = {scan.key: scan for scan in draw_scans(30, prefix, seed=1)}
        for scan in scans.values():
            setting.drop(scan.key, scan.image)
        execution = Execution(setting.machine, "halves", {"prefix": prefix})
        wait_until(lambda: count_done(execution) >= 15)
        execution.stop()
        assert execution.status == "ABORTED"
        (run,) = execution.map_runs.values()
        assert 15 <= count_done(execution) < 30
        done = {child.arn for child in run.children if child.status == "SUCCEEDED"}
        with pytest.raises(setting.s3.exceptions.NoSuchKey):
            setting.read("backlogs/halves/summary.json")
        for process in setting.predictor.processes:  # whatever they were at is lost
            process.kill()
        execution.redrive()
        execution.wait()
    assert execution.status == "SUCCEEDED"
    assert {child.arn for child in run.children if child.attempts > 1}.isdisjoint(done)
    assert sum(execution.output["counts"].values()) == execution.output["images"] == 30
    once = dict.fromkeys(scans, 1)
    assert Counter(row["key"] for row in read_table(setting, "halves")) == once
    assert count_records(setting, prefix) == count_results(setting, prefix) == once


def count_done(execution: Execution) -> int:
    return sum(
        len(child.input["Items"])
        for run in list(execution.map_runs.values())
        for child in list(run.children)
        if child.status == "SUCCEEDED"
    )


def archive(setting: Setting, key: str, image: bytes) -> None:
    """Drop an image that nobody can read until it's restored."""
    setting.s3.put_object(Bucket=setting.cloud.uploads, Key=key, Body=image, StorageClass="GLACIER")


def test_one_that_cant_be_read_leaves_its_neighbours_read(
    cloud: Cloud, tmp_path: Path, prefix: str, draw_digit: DrawDigit
) -> None:
    with open_setting(cloud, tmp_path, ToleratedPercentage="20") as setting:
        for digit in range(5):
            setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
        archive(setting, f"{prefix}3.png", draw_digit(3))
        execution = run_to_end(setting, "archived", {"prefix": prefix})
        assert execution.output["counts"] == {"digit": 4, "failed": 1}
        (failure,) = read_table(setting, "archived", "failures")
        assert (failure["key"], failure["reason"]) == (f"{prefix}3.png", "storage-unavailable")
        assert setting.predictor.invocations == 5  # as often as the definition has it


def test_more_failures_than_are_tolerated_fail_it_though_no_batch_fails_whole(
    setting: Setting, prefix: str, draw_digit: DrawDigit
) -> None:
    for digit in range(10):
        drop = Setting.drop if digit % 5 == 0 else archive  # one of each batch can be read
        drop(setting, f"{prefix}{digit}.png", draw_digit(digit))
    execution = run_to_end(setting, "most", {"prefix": prefix})
    assert execution.status == "FAILED"
    assert execution.error is not None
    assert execution.error.error == "TooManyFailed"
    key = "backlogs/most/failures.csv"
    assert execution.error.cause == (
        f"8 of 10 images could not be read; s3://{setting.cloud.results}/{key} says which."
    )
    assert len(read_table(setting, "most", "failures")) == 8
    assert len(read_table(setting, "most")) == 10
    summary = json.loads(setting.read("backlogs/most/summary.json"))
    assert summary["counts"] == {"digit": 2, "failed": 8}


def test_invocations_that_are_refused_are_no_tries(
    cloud: Cloud, tmp_path: Path, prefix: str, draw_digit: DrawDigit
) -> None:
    with open_setting(cloud, tmp_path, ToleratedPercentage="20") as setting:
        for digit in range(5):
            setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
        archive(setting, f"{prefix}3.png", draw_digit(3))
        refusals = iter([True] * 4)
        invoke = setting.predictor.invoke

        def refuse_first(event: Any) -> Any:
            if next(refusals, False):
                raise StateFailed("Lambda.TooManyRequestsException")
            return invoke(event)

        functions = {**setting.machine.functions, PREDICTOR: Refusing(refuse_first)}
        machine = replace(setting.machine, functions=functions)
        execution = Execution(machine, "refused", {"prefix": prefix})
        execution.wait()
        assert execution.output["counts"] == {"digit": 4, "failed": 1}
        assert setting.predictor.invocations == 5  # as many as without a refusal


@dataclass(frozen=True)
class Refusing:
    """A function in an account that is at its limit now and then."""

    invoke: Any


def test_too_many_failures_end_it_and_once_mended_it_goes_on(
    cloud: Cloud, tmp_path: Path, prefix: str, draw_digit: DrawDigit
) -> None:
    with open_setting(cloud, tmp_path, BatchSize="2", ToleratedPercentage="10") as setting:
        for digit in range(10):
            drop = archive if digit < 4 else Setting.drop
            drop(setting, f"{prefix}{digit}.png", draw_digit(digit))
        execution = run_to_end(setting, "mended", {"prefix": prefix})
        assert execution.status == "FAILED"
        assert execution.error is not None
        assert execution.error.error == "States.ExceedToleratedFailureThreshold"
        for digit in range(4):
            setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
        execution.redrive()
        execution.wait()
    assert execution.output["counts"] == {"digit": 10}
    assert [row["digit"] for row in sort(read_table(setting, "mended"))] == list("0123456789")
    assert read_table(setting, "mended", "failures") == []


def sort(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: row["key"])


def test_tolerated_failures_are_listed_and_a_second_backlog_reads_them(
    cloud: Cloud, tmp_path: Path, prefix: str, draw_digit: DrawDigit
) -> None:
    with open_setting(cloud, tmp_path, BatchSize="2", ToleratedPercentage="20") as setting:
        for digit in range(10):
            drop = archive if digit < 2 else Setting.drop
            drop(setting, f"{prefix}{digit}.png", draw_digit(digit))
        first = run_to_end(setting, "tolerated", {"prefix": prefix})
        assert first.output["counts"] == {"digit": 8, "failed": 2}
        failures = sort(read_table(setting, "tolerated", "failures"))
        assert [row["key"] for row in failures] == [f"{prefix}0.png", f"{prefix}1.png"]
        assert {row["reason"] for row in failures} == {"BatchIncomplete"}
        for digit in range(2):
            setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
        second = run_to_end(setting, "tolerated-2", {"prefix": prefix})
    assert second.output["counts"] == {"digit": 10}
    assert set(count_records(setting, prefix).values()) == {1}


def test_no_more_batches_than_allowed_are_read_at_once(
    cloud: Cloud, tmp_path: Path, prefix: str, draw_digit: DrawDigit
) -> None:
    with open_setting(cloud, tmp_path, Concurrency="3", BatchSize="1") as setting:
        for digit in range(9):
            setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
        execution = run_to_end(setting, "bounded", {"prefix": prefix})
        assert len(setting.predictor.processes) == 3
    (run,) = execution.map_runs.values()
    assert (len(run.children), run.most_at_once) == (9, 3)
    assert execution.output["counts"] == {"digit": 9}


def test_process_that_dies_at_its_work_is_replaced(
    setting: Setting, prefix: str, draw_digit: DrawDigit
) -> None:
    for digit in range(10):
        setting.drop(f"{prefix}{digit}.png", draw_digit(digit))
    execution = Execution(setting.machine, "deaths", {"prefix": prefix})
    wait_until(lambda: setting.list_keys(f"results/{prefix}"))
    for process in setting.predictor.processes:
        process.kill()
    execution.wait()
    assert execution.output["counts"] == {"digit": 10}
    assert set(count_records(setting, prefix).values()) == {1}


def test_prefix_of_nothing_is_summed_up_as_nothing(setting: Setting) -> None:
    execution = run_to_end(setting, "nothing", {"prefix": "scans/nothing/"})
    assert (execution.output["images"], execution.output["counts"]) == (0, {})
    assert read_table(setting, "nothing") == []


def test_input_without_a_source_fails_with_a_word(setting: Setting) -> None:
    execution = run_to_end(setting, "sourceless", {})
    assert execution.status == "FAILED"
    assert execution.error is not None
    assert execution.error.error == "NoSource"
