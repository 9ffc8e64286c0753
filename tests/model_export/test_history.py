"""A trained network is used with its own history, or not at all."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from model_export.errors import TrainingError
from model_export.plan import TrainingPlan

pytestmark = [pytest.mark.tensorflow, pytest.mark.slow]


@pytest.fixture(scope="module")
def history() -> Any:
    """The module under test: importing Keras takes seconds, which a quick run saves."""
    from model_export import history

    return history


@pytest.fixture
def trained(history: Any, tmp_path: Path) -> Path:
    """A network that nobody trained, and a history that fits it."""
    import keras

    path = tmp_path / "digits.keras"
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(path)
    history.write_history(
        path,
        history.TrainingHistory(
            plan=dataclasses.asdict(TrainingPlan(seed=7)),
            split="writer",
            pictures={"training": {"mnist": 9, "pens": 4}, "validation": {"mnist": 1}},
            corpus="0a" * 32,
            data={"strokes.zip": "0d" * 32},
            epochs=[
                {"loss": 0.5, "validation": {"mnist": 0.8}},
                {"loss": 0.2, "validation": {"mnist": 0.9, "pens": 0.7}},
            ],
            versions=history.list_versions(),
            command="python -m model_export train",
            sha256=history.hash_file(path),
        ),
    )
    return path


def validate_anew(history: Any, trained: Path, name: str, *epochs: dict[str, float]) -> Path:
    """A copy of the network that did otherwise on validation, epoch by epoch."""
    path = trained.with_name(name)
    history.copy_trained(trained, path)
    fields = json.loads(path.with_suffix(".json").read_text())
    fields["epochs"] = [{"loss": 0.1, "validation": shares} for shares in epochs]
    path.with_suffix(".json").write_text(json.dumps(fields))
    return path


def test_network_comes_with_all_that_made_it(history: Any, trained: Path) -> None:
    model, found = history.load_trained(trained)
    assert model.count_params() == 3
    assert found.plan["seed"] == 7
    assert found.plan["shares"] == dataclasses.asdict(TrainingPlan().shares)
    assert found.pictures["training"] == {"mnist": 9, "pens": 4}
    assert found.corpus == "0a" * 32
    assert found.data == {"strokes.zip": "0d" * 32}


def test_validation_is_the_last_epochs(history: Any, trained: Path) -> None:
    assert history.load_trained(trained)[1].validation == {"mnist": 0.9, "pens": 0.7}


def test_best_network_is_best_over_the_sources_alike(history: Any, trained: Path) -> None:
    paths = [
        validate_anew(history, trained, "digits.keras", {"mnist": 0.99, "paper": 0.90}),
        validate_anew(history, trained, "even.keras", {"mnist": 0.97, "paper": 0.94}),
        validate_anew(history, trained, "paper.keras", {"mnist": 0.93, "paper": 0.97}),
    ]
    assert history.choose_best(paths).name == "even.keras"


def test_best_network_is_best_at_its_end(history: Any, trained: Path) -> None:
    paths = [
        validate_anew(history, trained, "risen.keras", {"mnist": 0.5}, {"mnist": 0.9}),
        validate_anew(history, trained, "fallen.keras", {"mnist": 1.0}, {"mnist": 0.8}),
    ]
    assert history.choose_best(paths).name == "risen.keras"


def test_no_network_is_chosen_where_one_is_not_its_historys(history: Any, trained: Path) -> None:
    other = validate_anew(history, trained, "other.keras", {"mnist": 0.1})
    other.write_bytes(trained.read_bytes() + b"\0")
    with pytest.raises(TrainingError, match=r"other\.keras is not the file"):
        history.choose_best([trained, other])


def test_copy_is_the_same_network_with_the_same_history(history: Any, trained: Path) -> None:
    copy = trained.parent / "new" / "kept.keras"
    history.copy_trained(trained, copy)
    assert copy.read_bytes() == trained.read_bytes()
    assert history.load_trained(copy)[1] == history.load_trained(trained)[1]


def test_versions_are_those_of_every_package_that_decides(history: Any) -> None:
    versions = history.list_versions()
    assert {"python", "tensorflow", "keras", "ai-edge-litert", "numpy", "pillow"} == set(versions)


def test_other_network_than_the_historys_is_refused(history: Any, trained: Path) -> None:
    trained.write_bytes(trained.read_bytes() + b"\0")
    with pytest.raises(TrainingError, match="not the file that its history describes"):
        history.load_trained(trained)


@pytest.mark.parametrize("suffix", [".keras", ".json"])
def test_missing_half_says_what_to_do(history: Any, trained: Path, suffix: str) -> None:
    trained.with_suffix(suffix).unlink()
    with pytest.raises(TrainingError, match="Run `train` first"):
        history.load_trained(trained)


@pytest.mark.parametrize("content", ["", "{", "[1]", "{}", '{"plan": {}, "split": "writer"}'])
def test_damaged_history_is_refused(history: Any, trained: Path, content: str) -> None:
    trained.with_suffix(".json").write_text(content)
    with pytest.raises(TrainingError, match="can't be read"):
        history.load_trained(trained)


def test_history_of_an_earlier_release_is_refused(history: Any, trained: Path) -> None:
    path = trained.with_suffix(".json")
    fields = json.loads(path.read_text())
    del fields["corpus"]
    path.write_text(json.dumps(fields))
    with pytest.raises(TrainingError, match="corpus"):
        history.load_trained(trained)


def test_file_that_is_no_network_is_refused(history: Any, trained: Path) -> None:
    trained.write_bytes(b"a network")
    path = trained.with_suffix(".json")
    fields = json.loads(path.read_text()) | {"sha256": history.hash_file(trained)}
    path.write_text(json.dumps(fields))
    with pytest.raises(TrainingError, match="can't be read"):
        history.load_trained(trained)
