from datetime import timedelta

import pytest

from predictor.errors import SettingsError
from predictor.settings import (
    DEAD_LETTERS_VARIABLE,
    NAMESPACE_VARIABLE,
    RECORDS_VARIABLE,
    RESULTS_VARIABLE,
    RETENTION_VARIABLE,
    UPLOADS_VARIABLE,
    Settings,
    read_settings,
)
from storage.records import RETENTION

NAMES = {
    RECORDS_VARIABLE: "records",
    UPLOADS_VARIABLE: "uploads",
    RESULTS_VARIABLE: "results",
    DEAD_LETTERS_VARIABLE: "https://sqs.eu-west-1.amazonaws.com/1/dead-letters",
}


def test_names_are_read_and_retention_has_a_default() -> None:
    settings = read_settings({**NAMES, "OTHER": "variable"})
    assert settings == Settings(
        table="records",
        uploads="uploads",
        results="results",
        dead_letters="https://sqs.eu-west-1.amazonaws.com/1/dead-letters",
        retention=RETENTION,
    )
    assert read_settings({**NAMES, RETENTION_VARIABLE: ""}) == settings


def test_metrics_have_a_namespace_of_their_own_where_one_is_named() -> None:
    assert read_settings(NAMES).namespace == "Inkling"
    named = read_settings({**NAMES, NAMESPACE_VARIABLE: "Inkling/mine"})
    assert named.namespace == "Inkling/mine"


@pytest.mark.parametrize("days", [1, 7, 3650])
def test_retention_is_in_days(days: int) -> None:
    settings = read_settings({**NAMES, RETENTION_VARIABLE: str(days)})
    assert settings.retention == timedelta(days=days)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [None, ""])
def test_a_name_that_is_missing_is_told(name: str, value: str | None) -> None:
    environment = {key: text for key, text in NAMES.items() if key != name}
    with pytest.raises(SettingsError, match=f"^{name} is missing"):
        read_settings(environment if value is None else {**environment, name: value})


@pytest.mark.parametrize("text", ["0", "3651", "-1", "a week", "1.5", "７"])
def test_what_is_no_number_of_days_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=RETENTION_VARIABLE):
        read_settings({**NAMES, RETENTION_VARIABLE: text})
