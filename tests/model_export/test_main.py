"""The command line as a person uses it, on a data set small enough to wait for."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model_export.__main__ import COMMANDS, main
from recognition.card import load_model
from recognition.recognizer import Recognizer
from tests.conftest import DrawDigit

ROOT = Path(__file__).parents[2]
SLOW = [pytest.mark.tensorflow, pytest.mark.slow]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    for name in ("explore", "train", "export", "evaluate", "all", "examples"):
        assert f"  {name} " in printed


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_its_defaults(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    assert ("(default: " in printed) == (name != "examples")


def test_help_needs_no_tensorflow() -> None:
    program = "import sys, model_export.__main__ as m; m.build_parser(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "model_export.__main__" in done.stdout
    assert "tensorflow" not in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [[], ["nothing"], ["train", "--epochs", "0"], ["export", "--min-accuracy", "99.5"]],
)
def test_wrong_arguments_end_with_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


class Run:
    """The files of one run of `all`, and what it printed."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.keras = folder / "digits.keras"
        self.model = folder / "model"
        self.pictures = folder / "pictures"
        self.data = ["--data", str(data), "--unverified"]
        self.files = ["--keras", str(self.keras), "--model", str(self.model)]
        self.gates = ["--min-accuracy", "0.8", "--min-agreement", "0.8"]
        # Batch normalisation's averages need some hundred steps before they mean anything.
        plan = ["--epochs", "20", "--batch-size", "16", "--width", "8"]
        self.training = [*plan, "--checkpoints", str(folder / "run")]

    def all(self) -> int:
        pictures = ["--pictures", str(self.pictures)]
        return main(["all", *self.data, *self.files, *self.gates, *self.training, *pictures])

    def export(self, *options: str) -> int:
        return main(["export", *self.data, *self.files, *(options or self.gates)])

    def evaluate(self, *options: str) -> int:
        return main(["evaluate", *self.data, *self.files, *(options or self.gates)])


@pytest.fixture(scope="module")
def run(small_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = Run(tmp_path_factory.mktemp("all"), small_data)
    assert run.all() == 0
    return run


def read_card(run: Run) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((run.model / "digits.json").read_text())
    return card


class TestAll:
    pytestmark = SLOW

    def test_writes_a_model_that_reads(self, run: Run, draw_digit: DrawDigit) -> None:
        recognizer = Recognizer.load(run.model)
        answers = [recognizer.recognize(draw_digit(digit)).digit for digit in range(10)]
        assert sum(answer == digit for digit, answer in enumerate(answers)) >= 8

    def test_writes_the_cards_every_figure(self, run: Run) -> None:
        card = read_card(run)
        model = (run.model / "digits.tflite").read_bytes()
        assert card["sha256"] == hashlib.sha256(model).hexdigest()
        assert card["bytes"] == len(model)
        assert card["parameters"] > 1000
        assert card["test"]["count"] == 80
        for figure in ("float_accuracy", "int8_accuracy", "agreement"):
            assert 0.8 <= card["test"][figure] <= 1
        assert card["validation"]["split"] == "writer"
        assert 0 < card["thresholds"]["uncertain_below"] < 1
        assert len(card["data"]) == 5
        assert {"python", "tensorflow", "keras", "ai-edge-litert"} <= set(card["versions"])
        assert card["seed"] == 1
        assert card["command"].startswith("python -m model_export export ")

    def test_keeps_the_history_beside_the_network(self, run: Run) -> None:
        history = json.loads(run.keras.with_suffix(".json").read_text())
        assert history["sha256"] == hashlib.sha256(run.keras.read_bytes()).hexdigest()
        assert len(history["epochs"]) == 20
        assert history["command"] == (
            "python -m model_export train --seed 1 --epochs 20 --batch-size 16 --width 8"
        )

    def test_draws_pictures_that_show_something(self, run: Run) -> None:
        files = sorted(file.name for file in run.pictures.iterdir())
        assert files == ["classes.png", "means.png", "samples.png"]
        for name in files:
            with Image.open(run.pictures / name) as picture:
                grey = np.asarray(picture.convert("L"))
            assert grey.min() < 64
            assert grey.max() > 191


class TestExplore:
    pytestmark = SLOW

    def test_prints_the_class_counts(
        self, small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        options = ["--data", str(small_data), "--unverified", "--pictures", str(tmp_path)]
        assert main(["explore", *options]) == 0
        printed = capsys.readouterr().out
        assert "    7      40       8" in printed
        assert "writers of the training set: 20" in printed

    def test_other_data_than_mnist_must_be_asked_for(
        self, small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["explore", "--data", str(small_data), "--pictures", str(tmp_path)]) == 1
        assert "wrong checksum" in capsys.readouterr().err


class TestExport:
    pytestmark = SLOW

    def test_a_model_below_its_gates_is_not_written(
        self,
        run: Run,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        from model_export import export

        # A network that always answers 0 is right once in ten: far below any gate.
        monkeypatch.setattr(export, "score_int8", lambda *_, **__: np.eye(10)[np.zeros(80, int)])
        before = load_model(run.model)[0]
        assert run.export() == 1
        assert "int8 accuracy is 10.00%, the gate is 80.00%" in capsys.readouterr().err
        assert load_model(run.model)[0] == before
        assert run.export(*run.gates, "--model", str(tmp_path / "new")) == 1
        assert not (tmp_path / "new").exists()

    def test_the_same_network_gives_the_same_file(self, run: Run) -> None:
        before = read_card(run)
        assert run.export() == 0
        assert read_card(run) == before

    def test_another_network_than_the_history_describes_is_refused(
        self, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        altered = tmp_path / "digits.keras"
        altered.write_bytes(run.keras.read_bytes() + b"\x00")
        altered.with_suffix(".json").write_bytes(run.keras.with_suffix(".json").read_bytes())
        assert main(["export", *run.data, "--keras", str(altered), *run.gates]) == 1
        assert "not the file that its history describes" in capsys.readouterr().err


class TestEvaluate:
    pytestmark = SLOW

    def test_prints_the_cards_figures(self, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
        assert run.evaluate() == 0
        printed = capsys.readouterr().out
        card = read_card(run)["test"]
        for name, key in (("float accuracy", "float_accuracy"), ("int8 accuracy", "int8_accuracy")):
            assert f"{name:24} {card[key]:>9.2%}" in printed

    def test_an_altered_model_is_refused(
        self, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for file in run.model.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        (tmp_path / "digits.tflite").write_bytes(b"\x00" * 1000)
        arguments = ["--keras", str(run.keras), "--model", str(tmp_path)]
        assert main(["evaluate", *run.data, *arguments]) == 1
        assert "hash differs" in capsys.readouterr().err
