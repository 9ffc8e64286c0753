"""`/api/model` and `/api/health`."""

from starlette.testclient import TestClient

from recognition.recognizer import Recognizer


def test_the_model_s_card_is_there_whole(client: TestClient, recognizer: Recognizer) -> None:
    card = client.get("/api/model").json()
    assert card == {**recognizer.card.details, "version": recognizer.card.version}


def test_the_card_has_the_thresholds_that_part_the_outcomes(
    client: TestClient, recognizer: Recognizer
) -> None:
    thresholds = client.get("/api/model").json()["thresholds"]
    assert thresholds["uncertain_below"] == recognizer.card.uncertain_below
    assert thresholds["not_a_digit_above"] == recognizer.card.not_a_digit_above
    assert all(0 <= threshold <= 1 for threshold in thresholds.values())


def test_health_names_the_model(client: TestClient, recognizer: Recognizer) -> None:
    response = client.get("/api/health")
    assert response.json() == {"status": "ok", "model": recognizer.card.sha256}
    assert response.headers["cache-control"] == "no-store"
