"""The command line as a person uses it, on a data set small enough to wait for."""

import contextlib
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model_export.__main__ import COMMANDS, main
from model_export.report.figures import format_share
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
    for name in COMMANDS:
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
    [
        [],
        ["nothing"],
        ["train", "--epochs", "0"],
        ["export", "--min-accuracy", "99.5"],
        ["compose", "--pictures-share", "-1"],
    ],
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
        self.report = folder / "new" / "report.html"
        self.card = folder / "MODEL_CARD.md"
        self.training = folder / "training"
        self.seeds = {seed: self.training / f"seed-{seed}" / "digits.keras" for seed in (1, 2)}
        self.data = ["--data", str(data), "--unverified"]
        self.files = ["--keras", str(self.keras), "--model", str(self.model)]
        self.gates = ["--min-accuracy", "0.8", "--min-agreement", "0.8"]
        self.corpora = ["--training", str(self.training), "--pictures-share", "0.002"]
        self.pages = ["--report", str(self.report), "--card", str(self.card)]
        self.printed = ""

    def all(self) -> int:
        # Batch normalisation's averages need some hundred steps before they mean anything.
        plan = ["--epochs", "5", "--epoch-size", "800", "--batch-size", "16", "--width", "8"]
        pictures = ["--pictures", str(self.pictures)]
        seeds = ["--seeds", *map(str, self.seeds), "--no-retrain"]
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            status = main(
                [
                    *("all", *self.data, *self.files, *self.gates, *self.corpora, *self.pages),
                    *(*plan, *pictures, *seeds),
                ]
            )
        self.printed = printed.getvalue()
        return status

    def list_unkept(self) -> list[tuple[int, Path]]:
        """Each seed, and its network, that isn't the best."""
        kept = hash_of(self.keras)
        return [(seed, path) for seed, path in self.seeds.items() if hash_of(path) != kept]

    def export(self, *options: str) -> int:
        return main(["export", *self.data, *self.files, *self.corpora, *self.gates, *options])

    def evaluate(self, *options: str) -> int:
        return main(["evaluate", *self.data, *self.files, *self.gates, *options])


@pytest.fixture(scope="module")
def few_samples() -> Iterator[None]:
    """Sets of evaluation as small as the data."""
    from model_export import evaluate, sets

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sets, "OWN_STRANGERS", 20)
        patch.setattr(sets, "SHEETS_OF_A_KIND", 2)
        patch.setattr(sets, "CORRUPTED_DIGITS", 5)
        patch.setattr(evaluate, "_ROUNDS", 1)
        yield


@pytest.fixture(scope="module")
def run(every_source: Path, few_samples: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    run = Run(tmp_path_factory.mktemp("all"), every_source)
    assert run.all() == 0
    return run


def read_card(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((folder / "digits.json").read_text())
    return card


def read_history(path: Path) -> dict[str, Any]:
    history: dict[str, Any] = json.loads(path.with_suffix(".json").read_text())
    return history


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TestAll:
    pytestmark = SLOW

    def test_goes_from_the_data_to_the_report(self, run: Run) -> None:
        titles = [line for line in run.printed.splitlines() if line.startswith("== ")]
        assert titles == [
            *("== explore", "== compose", "== train"),
            *("== export", "== ablate", "== report"),
        ]
        wrote = [line for line in run.printed.splitlines() if line.startswith("wrote ")]
        for path in (run.keras, run.model, run.report):
            assert any(line.startswith(f"wrote {path}") for line in wrote)

    def test_exports_the_network_that_is_best_on_validation(self, run: Run) -> None:
        means = {}
        for seed, path in run.seeds.items():
            validation = read_history(path)["epochs"][-1]["validation"]
            assert set(validation) == {"mnist", "sent", "pens", "paper", "strangers"}
            means[seed] = sum(validation.values()) / 5
        best = max(means, key=lambda seed: means[seed])
        assert hash_of(run.keras) == hash_of(run.seeds[best])
        card = read_card(run.model)
        assert card["seed"] == best
        assert [seed["seed"] for seed in card["seeds"] if seed["chosen"]] == [best]
        assert [seed["validation_mean"] for seed in card["seeds"]] == pytest.approx(
            list(means.values())
        )
        model_card = run.card.read_text()
        assert f"| {best}, kept |" in model_card
        assert "The best on validation ships." in model_card

    def test_writes_a_model_that_reads(self, run: Run, draw_digit: DrawDigit) -> None:
        recognizer = Recognizer.load(run.model)
        answers = [recognizer.recognize(draw_digit(digit)).digit for digit in range(10)]
        assert sum(answer == digit for digit, answer in enumerate(answers)) >= 8

    def test_writes_the_cards_every_figure(self, run: Run) -> None:
        card = read_card(run.model)
        model = (run.model / "digits.tflite").read_bytes()
        assert card["sha256"] == hashlib.sha256(model).hexdigest()
        assert card["bytes"] == len(model)
        assert card["parameters"] > 1000
        assert card["test"]["count"] == 80
        for figure in ("float_accuracy", "int8_accuracy", "agreement"):
            assert 0.8 <= card["test"][figure] <= 1
        assert card["validation"]["split"] == "writer"
        assert set(card["validation"]["by_source"]) == set(card["training"]["pictures"])
        assert 0 < card["thresholds"]["uncertain_below"] <= 1
        assert 0 < card["thresholds"]["not_a_digit_above"] <= 1
        assert 0.2 <= card["temperature"] <= 5
        assert {"python", "tensorflow", "keras", "ai-edge-litert"} <= set(card["versions"])
        assert card["command"].startswith("python -m model_export export ")

    def test_says_on_the_card_what_trained(self, run: Run, every_source: Path) -> None:
        card = read_card(run.model)
        read = [path for path in every_source.rglob("*") if path.is_file()]
        assert sorted(card["data"].values()) == sorted(map(hash_of, read))
        assert card["training"]["keras_sha256"] == hash_of(run.keras)
        pictures = card["training"]["pictures"]
        assert pictures["mnist"] == 360
        assert set(pictures) == {"mnist", "sent", "pens", "paper", "strangers"}
        assert [seed["seed"] for seed in card["seeds"]] == [1, 2]
        for seed in card["seeds"]:
            assert 0.5 < seed["mnist_accuracy"] <= 1
            assert 0.5 < seed["validation_mean"] <= 1

    def test_puts_every_scheme_on_the_card_and_keeps_the_one_that_agrees_best(
        self, run: Run
    ) -> None:
        card = read_card(run.model)
        schemes = card["quantization"]
        assert len({scheme["name"] for scheme in schemes}) == 3
        (chosen,) = (scheme for scheme in schemes if scheme["chosen"])
        assert chosen["agreement"] == max(scheme["agreement"] for scheme in schemes)
        assert chosen["bytes"] == card["bytes"]
        assert chosen["accuracy"] == card["validation"]["int8_accuracy"]

    def test_measures_what_each_rule_is_worth(self, run: Run) -> None:
        rows = read_card(run.model)["ablation"]
        assert rows[0]["name"] == "everything"
        assert len(rows) >= 5
        for row in rows[1:]:
            assert row["name"].startswith("without ")
        for row in rows:
            assert all(0 <= row[key] <= 1 for key in ("mnist", "pens", "paper", "strangers"))
            assert row["name"] in run.printed

    def test_puts_the_figures_on_the_card_and_on_both_pages(self, run: Run) -> None:
        card = read_card(run.model)
        figures = {figure["name"]: figure["value"] for figure in card["figures"]}
        assert figures["MNIST test, single model"] == card["test"]["int8_accuracy"]
        assert figures["Agreement of int8 with float"] == card["test"]["agreement"]
        assert figures["File size"] == card["bytes"]
        # Two seeds are no mean; all else can be measured on this data.
        assert [name for name, value in figures.items() if value is None] == ["Mean over the seeds"]
        page, model_card = run.report.read_text(), run.card.read_text()
        for name in figures:
            assert name in page
            assert f"| {name} |" in model_card
        assert f"`{card['sha256'][:12]}`" in model_card
        assert card["training"]["command"] in model_card

    def test_keeps_the_history_beside_the_network(self, run: Run) -> None:
        history = read_history(run.keras)
        assert history["sha256"] == hash_of(run.keras)
        assert len(history["epochs"]) == 5
        assert history["pictures"]["training"] == read_card(run.model)["training"]["pictures"]
        assert history["pictures"]["validation"]["mnist"] == 40
        assert history["command"] == (
            f"python -m model_export train --seed {history['plan']['seed']} --epochs 5 "
            "--epoch-size 800 --batch-size 16 --width 8 --pictures-share 0.002"
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


class TestCompose:
    pytestmark = SLOW

    def test_says_how_much_there_is_of_each_source(
        self, run: Run, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["compose", *run.data, *run.corpora]) == 0
        pictures = read_card(run.model)["training"]["pictures"]
        counts = ", ".join(f"{count:,} {source}" for source, count in pictures.items())
        printed = capsys.readouterr().out
        assert f"training: {counts}\n" in printed
        assert "validation: 40 mnist, " in printed


class TestTrain:
    pytestmark = SLOW

    def test_goes_on_with_mnist_alone_and_says_so(
        self, small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        options = ["--data", str(small_data), "--unverified", "--training", str(tmp_path)]
        plan = ["--epochs", "1", "--epoch-size", "80", "--width", "4", "--pictures-share", "0"]
        assert main(["train", *options, *plan, "--seed", "7"]) == 0
        printed = capsys.readouterr()
        assert "going on without pendigits" in printed.err
        assert "going on without omniglot" in printed.err
        assert f"wrote {tmp_path / 'seed-7' / 'digits.keras'}" in printed.out
        history = read_history(tmp_path / "seed-7" / "digits.keras")
        assert history["pictures"]["training"] == {"mnist": 360}


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

        # The schemes' files are one here: only the gate is asked for.
        served = (run.model / "digits.tflite").read_bytes()
        monkeypatch.setattr(export, "quantize_every_way", lambda *_: {"any": served})
        # A network that always answers 0 is right once in ten: far below any gate.
        always_0 = np.eye(11, dtype=np.float32)[:1]
        monkeypatch.setattr(
            export, "run_int8", lambda _, pixels, **__: always_0.repeat(len(pixels), 0)
        )
        before = load_model(run.model)[0]
        assert run.export() == 1
        assert "int8 accuracy is 10.00%, the gate is 80.00%" in capsys.readouterr().err
        assert load_model(run.model)[0] == before
        assert run.export("--model", str(tmp_path / "new")) == 1
        assert not (tmp_path / "new").exists()

    def test_the_same_network_gives_the_same_file(self, run: Run, tmp_path: Path) -> None:
        assert run.export("--model", str(tmp_path)) == 0
        later = ("ablation", "figures")
        before = {k: v for k, v in read_card(run.model).items() if k not in later}
        assert read_card(tmp_path) == before

    def test_a_network_is_exported_and_evaluated_from_where_it_was_trained(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from model_export import commands

        monkeypatch.setattr(commands, "prepare_sets", lambda *_: [])
        ((seed, path),) = run.list_unkept()
        files = ["--keras", str(path), "--model", str(tmp_path)]
        assert run.export(*files) == 0
        card = read_card(tmp_path)
        assert card["seed"] == seed
        assert [each["seed"] for each in card["seeds"] if each["chosen"]] == [seed]
        assert run.evaluate(*files) == 0

    def test_another_network_than_the_history_describes_is_refused(
        self, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        altered = tmp_path / "digits.keras"
        altered.write_bytes(run.keras.read_bytes() + b"\x00")
        altered.with_suffix(".json").write_bytes(run.keras.with_suffix(".json").read_bytes())
        assert run.export("--keras", str(altered)) == 1
        assert "not the file that its history describes" in capsys.readouterr().err

    def test_a_network_of_other_data_is_refused(
        self, run: Run, small_data: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run.export("--data", str(small_data)) == 1
        assert "was trained on other data" in capsys.readouterr().err


class TestEvaluate:
    pytestmark = SLOW

    def test_prints_every_set_and_the_cards_figures(
        self, run: Run, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run.evaluate() == 0
        lines = capsys.readouterr().out.splitlines()
        card = read_card(run.model)
        for start in ("MNIST test ", "pen ", "Greek ", "our scribbles ", "sheets without ink "):
            assert any(line.startswith(start) for line in lines)
        for figure in card["figures"]:
            if figure["must"] <= 1 and figure["value"] is not None:  # the others are in units
                (line,) = (line for line in lines if line.startswith(figure["name"]))
                assert format_share(figure["value"]) in line

    def test_a_missed_gate_is_an_error(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        from model_export import commands
        from model_export.evaluate import Comparison

        monkeypatch.setattr(commands, "compare_on", lambda *_: Comparison(80, 0.9, 0.75, 0.8))
        monkeypatch.setattr(commands, "prepare_sets", lambda *_: [])
        assert run.evaluate() == 1
        printed = capsys.readouterr()
        assert "int8 accuracy is 75.00%, the gate is 80.00%" in printed.err
        assert "not measured" in printed.out

    def test_an_altered_model_is_refused(
        self, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for file in run.model.iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        (tmp_path / "digits.tflite").write_bytes(b"\x00" * 1000)
        assert run.evaluate("--model", str(tmp_path)) == 1
        assert "hash differs" in capsys.readouterr().err

    def test_a_model_of_another_network_is_refused(
        self, run: Run, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ((_, other),) = run.list_unkept()
        assert run.evaluate("--keras", str(other)) == 1
        assert "was not exported from" in capsys.readouterr().err
