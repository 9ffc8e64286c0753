import json

import pytest

from deployment.log_lines import describe_message


def test_request_is_one_short_line() -> None:
    line = {
        "time": "2026-11-21T16:00:00.000+00:00",
        "level": "info",
        "message": "request",
        "request_id": "abc",
        "method": "POST",
        "route": "/api/recognitions",
        "status": 200,
        "outcome": "digit",
        "confidence": 0.99,
        "milliseconds": {"total": 12.5, "decode": 1.0},
    }
    assert describe_message(json.dumps(line) + "\n") == (
        "POST /api/recognitions 200 12.5 ms request_id=abc outcome=digit confidence=0.99"
    )


def test_predictors_line_is_without_its_metrics_definition() -> None:
    line = {
        "level": "warning",
        "message": "upload",
        "key": "0123",
        "outcome": "unreadable",
        "milliseconds": 3.1,
        "_aws": {"Timestamp": 1, "CloudWatchMetrics": []},
    }
    assert describe_message(json.dumps(line)) == (
        "WARNING upload 3.1 ms key=0123 outcome=unreadable"
    )


def test_error_is_told_below_its_line() -> None:
    line = {"level": "error", "message": "broke", "error": "Traceback:\n  File x\nKeyError: 1"}
    assert describe_message(json.dumps(line)).splitlines() == [
        "ERROR broke",
        "    Traceback:",
        "      File x",
        "    KeyError: 1",
    ]


def test_lambdas_own_report_tells_of_cold_starts_and_memory() -> None:
    line = {
        "time": "x",
        "type": "platform.report",
        "record": {
            "requestId": "abc",
            "status": "success",
            "metrics": {
                "durationMs": 34.25,
                "billedDurationMs": 35,
                "memorySizeMB": 1769,
                "maxMemoryUsedMB": 180,
                "initDurationMs": 512.5,
            },
        },
    }
    assert describe_message(json.dumps(line)) == (
        "lambda report cold start 512.5 ms 34.25 ms 180 of 1769 MB requestId=abc"
    )


@pytest.mark.parametrize("message", ["no JSON", "7", '["x"]', "", '{"type": "platform.start"}'])
def test_any_other_line_is_told_as_it_is(message: str) -> None:
    told = describe_message(message)
    assert "\n" not in told
    assert told in {message, "lambda start"}


@pytest.mark.parametrize(
    "message", ["a\x1b[2Jb", json.dumps({"message": "a\x1b]0;b\x07", "x": "\u202e"})]
)
def test_no_line_can_give_the_terminal_orders(message: str) -> None:
    assert describe_message(message).isprintable()
