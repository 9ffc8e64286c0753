"""The predictor in Lambda's own container, with each event that there is, and the tests' cloud."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol

import pytest

from storage.results import name_result
from tests.conftest import DrawDigit
from tests.stack.cloud import Cloud, start_cloud
from tests.stack.conftest import PROJECT, SAM, expand, remove_containers

pytestmark = [pytest.mark.docker, pytest.mark.slow]

EVENTS: Final = sorted((PROJECT / "events/predictor").glob("*.json"))

ODD: Final = "scans/Übergröße 1+1=2 %41 😀.png"
DIGITS: Final = {"scans/7.png": 7, ODD: 4}
DAMAGED: Final = "scans/damaged.png"
DONE: Final[dict[str, Any]] = {"batchItemFailures": []}

EXPECTED: Final[dict[str, tuple[Any, dict[str, int | str]]]] = {
    "queue-eventbridge": (DONE, {"scans/7.png": 7, ODD: 4, DAMAGED: "corrupt-image"}),
    "queue-s3-notification": (DONE, {ODD: 4}),
    "queue-test-event": (DONE, {}),
    "queue-poisoned": (
        {"batchItemFailures": [{"itemIdentifier": "059f36b4-87a3-44ab-83d2-661970000001"}]},
        {"scans/7.png": 7},
    ),
    "eventbridge": ({"digit": 1}, {ODD: 4}),
    "s3-notification": ({"digit": 1}, {ODD: 4}),
    "backlog": (
        {"digit": 2, "unreadable": 1, "ignored": 1},
        {"scans/7.png": 7, ODD: 4, DAMAGED: "corrupt-image"},
    ),
}
"""Of each event: the answer, or its counts; and what is in the results then, by the image's key."""


@pytest.fixture(scope="module")
def cloud(docker_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with start_cloud(tmp_path_factory.mktemp("cloud"), docker_address) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def versions(cloud: Cloud, draw_digit: DrawDigit) -> dict[str, str]:
    """What is in the bucket of uploads: keys to their versions."""
    images = {key: draw_digit(digit) for key, digit in DIGITS.items()}
    images[DAMAGED] = b"\x89PNG\r\n\x1a\n and then nothing"
    s3 = cloud.connect("s3")
    return {
        key: str(s3.put_object(Bucket=cloud.uploads, Key=key, Body=image)["VersionId"])
        for key, image in images.items()
    }


class Invoke(Protocol):
    def __call__(self, event: Any, folder: Path) -> tuple[Any, str]: ...


@pytest.fixture(scope="module")
def invoke(
    build_folder: Path, stack_environment: dict[str, str], invoke_options: list[str], cloud: Cloud
) -> Invoke:
    """`sam local invoke`: the answer to an event, and the log. A folder is for what it needs."""
    # With the cloud's names and address in the template: sam adds no variables.
    built = expand(build_folder / "template.yaml", stack_environment)["template"]
    function = built["Resources"]["Predictor"]["Properties"]
    own = {**cloud.names, **cloud.account, "INKLING_RETENTION_DAYS": "7"}
    function["Environment"]["Variables"] |= own
    template = build_folder / "predictor.json"
    template.write_text(json.dumps(built))

    def invoke(event: Any, folder: Path) -> tuple[Any, str]:
        path = folder / "event.json"
        path.write_text(json.dumps(event))
        command = [
            *(*SAM, "local", "invoke", "Predictor", "--event", str(path)),
            *("--template", str(template), *invoke_options),
        ]
        with remove_containers(folder):
            result = subprocess.run(
                command,
                cwd=PROJECT,
                env={**stack_environment, **cloud.account, "TMPDIR": str(folder)},
                capture_output=True,
                text=True,
                check=False,
            )
            (folder / "log").write_text(result.stderr)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout.splitlines()[-1]), result.stderr

    return invoke


def read_and_empty(cloud: Cloud) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """The results by their images' keys, and the records; none of either is left."""
    s3, dynamodb = cloud.connect("s3"), cloud.connect("dynamodb")
    results = {}
    for listed in s3.list_objects_v2(Bucket=cloud.results).get("Contents", []):
        body = s3.get_object(Bucket=cloud.results, Key=listed["Key"])["Body"].read()
        result = json.loads(body)
        assert listed["Key"] == name_result(result["key"])
        results[result["key"]] = result
        s3.delete_object(Bucket=cloud.results, Key=listed["Key"])
    items = dynamodb.scan(TableName=cloud.table)["Items"]
    for item in items:
        key = {name: item[name] for name in ("day", "id")}
        dynamodb.delete_item(TableName=cloud.table, Key=key)
    return results, items


def fill_in(event: Path, cloud: Cloud, versions: dict[str, str]) -> Any:
    """An event as it would be of the cloud's bucket and of what is in it."""

    def fill(node: Any) -> Any:
        if isinstance(node, list):
            return [fill(child) for child in node]
        if not isinstance(node, dict):
            return node
        filled = {key: fill(child) for key, child in node.items()}
        if "body" in filled and filled["body"].startswith("{"):
            filled["body"] = json.dumps(fill(json.loads(filled["body"])))
        if filled.get("key", "").startswith("scans/"):
            key = ODD if "%C3" in filled["key"] else filled["key"]
            name = "versionId" if "versionId" in filled else "version-id"
            filled[name] = versions.get(key, filled[name])
        if filled.get("name") == "inkling-uploads":
            filled["name"] = cloud.uploads
        return filled

    return fill(json.loads(event.read_text(encoding="utf-8")))


@pytest.mark.parametrize("event", EVENTS, ids=lambda path: path.stem)
def test_event_leaves_results_and_records(
    event: Path, invoke: Invoke, cloud: Cloud, versions: dict[str, str], tmp_path: Path
) -> None:
    answer, log = invoke(fill_in(event, cloud, versions), tmp_path)
    expected, images = EXPECTED[event.stem]
    assert answer.get("counts", answer) == expected, log
    results, items = read_and_empty(cloud)
    found = {key: each.get("digit", each.get("reason")) for key, each in results.items()}
    assert found == images
    assert {item["id"]["S"] for item in items} == {each["id"] for each in results.values()}
    # The log, which sam puts among its own words: a line for each image, and no key in it.
    lines = re.findall(r'^\{"time".*"message": "upload".*\}$', log, re.MULTILINE)
    assert len(lines) >= len(images)
    assert "scans/" not in "".join(lines)


def test_there_is_an_expectation_of_each_event() -> None:
    assert {event.stem for event in EVENTS} == EXPECTED.keys()
