"""The rehearsal of a new version: a good one is let on, and each kind of bad one is not."""

import base64
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient

import rehearsal.version
from api.app import create_app
from recognition.recognizer import Recognizer
from rehearsal.handler import handler
from rehearsal.version import CALL_SECONDS
from storage.folder import FolderImages
from storage.sqlite import SqliteRecords
from tests.api.conftest import PAGE
from tests.contract.transports import start_function
from tests.rehearsal.services import Function, Refused, Services, serve
from tests.stack.cloud import start_cloud

ARN: Final = "arn:aws:lambda:eu-west-1:123456789012:function:inkling-ApiFunction-1A2B:8"
EVENT: Final = {"DeploymentId": "d-8H2KQ0XYZ", "LifecycleEventHookExecutionId": "eyJlbmNyeXB0ZWQ"}


@pytest.fixture
def good(recognizer: Recognizer, tmp_path: Path) -> Iterator[Function]:
    """The API itself, with a laptop's stores."""
    with ExitStack() as stack:
        records = SqliteRecords(tmp_path / "records.sqlite")
        stack.callback(records.close)
        app = create_app(
            recognizer, page=PAGE, records=records, images=FolderImages(tmp_path / "images")
        )
        client = stack.enter_context(TestClient(app))

        def answer(event: dict[str, Any]) -> dict[str, Any]:
            response = client.request(
                event["httpMethod"],
                event["path"],
                params=event["queryStringParameters"],
                content=base64.b64decode(event["body"]),
                headers=event["headers"],
            )
            return {"statusCode": response.status_code, "body": response.text}

        yield answer


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Function], Services]]:
    """Puts a version behind Lambda's address, with CodeDeploy beside it."""
    with ExitStack() as stack:

        def put_on(function: Function) -> Services:
            services = stack.enter_context(serve(function))
            for name, value in {**services.account, "INKLING_VERSION": ARN}.items():
                monkeypatch.setenv(name, value)
            return services

        yield put_on


def rehearse(event: Any = EVENT, seconds: float = 120.0) -> dict[str, str]:
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000)
    return handler(event, context)


def test_a_good_version_is_let_on_and_nothing_of_it_stays(
    good: Function, stage: Callable[[Function], Services], tmp_path: Path
) -> None:
    services = stage(good)
    assert rehearse() == {"status": "Succeeded"}
    assert services.reports == [
        {
            "deploymentId": EVENT["DeploymentId"],
            "lifecycleEventHookExecutionId": EVENT["LifecycleEventHookExecutionId"],
            "status": "Succeeded",
        }
    ]
    assert {arn for arn, _, _ in services.called} == {ARN}
    asked = [f"{method} {path}" for _, method, path in services.called]
    assert asked[:12] == ["GET /api/health", *["POST /api/recognitions"] * 11]
    assert [each.split(" ")[0] for each in asked[12:]] == ["GET", "DELETE", "GET"]
    assert not [path for path in (tmp_path / "images").rglob("*") if path.is_file()]


Bad = Callable[[Function, dict[str, Any]], Any]


def break_off(good: Function, event: dict[str, Any]) -> Any:
    raise RuntimeError("libpywrap_litert_common.so: cannot open shared object file")


def fail(good: Function, event: dict[str, Any]) -> Any:
    return {"statusCode": 500, "body": json.dumps({"type": "internal-error"})}


def read_sevens_as_ones(good: Function, event: dict[str, Any]) -> Any:
    answer = good(event)
    body = json.loads(answer["body"]) if answer["body"] else {}
    return (
        {**answer, "body": json.dumps({**body, "digit": 1})} if body.get("digit") == 7 else answer
    )


def keep_nothing(good: Function, event: dict[str, Any]) -> Any:
    return good({**event, "queryStringParameters": {"store": "false"}})


def never_forget(good: Function, event: dict[str, Any]) -> Any:
    if event["httpMethod"] == "DELETE":
        return {"statusCode": 204, "body": ""}
    return good(event)


def say_nothing(good: Function, event: dict[str, Any]) -> Any:
    return None


def forbid(good: Function, event: dict[str, Any]) -> Any:
    raise Refused("AccessDeniedException")


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (break_off, "NoAnswer: The version broke off: {.*cannot open shared object file"),
        (fail, r"WrongAnswer: An answer is 500 \(internal-error\)"),
        (read_sevens_as_ones, "WrongAnswer: .*'digit': 1}, and should be 200 with .*'digit': 7}"),
        (keep_nothing, "WrongAnswer: The version keeps nothing"),
        (never_forget, "WrongAnswer: An answer is 200 .*should be 404"),
        (say_nothing, "NoAnswer: GET /api/health: what came back is no answer"),
        (forbid, "NoAnswer: The version can't be called: AccessDeniedException"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_version_is_not_let_on_and_the_log_says_why(
    good: Function,
    stage: Callable[[Function], Services],
    capsys: pytest.CaptureFixture[str],
    bad: Bad,
    reason: str,
) -> None:
    services = stage(lambda event: bad(good, event))
    rehearse()
    (report,) = services.reports
    assert report["status"] == "Failed"
    line = json.loads(capsys.readouterr().out)
    assert line["message"] == "rehearsal"
    assert re.match(reason, line["reason"], re.DOTALL), line


def test_a_version_that_is_too_slow_is_not_let_on(
    good: Function, stage: Callable[[Function], Services]
) -> None:
    """Else Lambda would break the rehearsal off, and CodeDeploy wait an hour to hear of it."""
    services = stage(good)
    found = rehearse(seconds=CALL_SECONDS - 1)
    assert found["reason"].startswith("OutOfTime")
    assert services.called == []
    assert [report["status"] for report in services.reports] == ["Failed"]


def test_a_version_that_is_not_ready_yet_is_waited_for(
    good: Function,
    stage: Callable[[Function], Services],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rehearsal.version, "_WAIT_SECONDS", 0.01)
    busy = iter(["ResourceConflictException", "SnapStartNotReadyException"])

    def answer(event: dict[str, Any]) -> Any:
        if code := next(busy, None):
            raise Refused(code)
        return good(event)

    stage(answer)
    assert rehearse() == {"status": "Succeeded"}


def test_a_rehearsal_by_hand_tells_nobody_and_may_be_of_another_version(
    good: Function, stage: Callable[[Function], Services]
) -> None:
    services = stage(good)
    earlier = f"{ARN.removesuffix('8')}7"
    assert rehearse({"version": earlier}) == {"status": "Succeeded"}
    assert {arn for arn, _, _ in services.called} == {earlier}
    assert services.reports == []


def test_without_a_version_codedeploy_is_told_that_it_failed(
    good: Function,
    stage: Callable[[Function], Services],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services = stage(good)
    monkeypatch.delenv("INKLING_VERSION")
    assert "INKLING_VERSION" in rehearse()["reason"]
    assert [report["status"] for report in services.reports] == ["Failed"]


@pytest.mark.slow
def test_the_function_with_the_clouds_stores_is_let_on(
    stage: Callable[[Function], Services], tmp_path: Path
) -> None:
    with start_cloud(tmp_path) as cloud:
        environment = {"PATH": os.environ["PATH"], **cloud.account, **cloud.names}
        with start_function(environment, tmp_path / "log") as function:
            services = stage(function.invoke)
            assert rehearse() == {"status": "Succeeded"}
        assert [report["status"] for report in services.reports] == ["Succeeded"]
        assert cloud.list_images() == {}
