"""The command: what it says of what it measured, and a small run of it all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import figures
from tests.benchmarks.building import build_environment
from tests.benchmarks.comparators import (
    BARE,
    FLOOR,
    INKLING,
    PLAIN,
    PROJECT,
    Built,
)
from tests.benchmarks.samples import Series
from tests.benchmarks.stages import AROUND

SLOW = [Series(figures.API_SPAWN, INKLING, (9.0,)), Series(figures.API_SPAWN, PLAIN, (10.0,))]


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing is built, and Inkling is as slow as plain; gives the report's place."""
    built = Built(tmp_path, Path(sys.executable))
    monkeypatch.setattr(bench, "build_all", lambda folder, tutorial: built)
    monkeypatch.setattr(bench, "PARTS", {"cold": lambda built, programs, rounds: SLOW})
    return tmp_path / "bench.json"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", *arguments])
    bench.main()


def test_a_missed_figure_is_said_and_no_failure(
    fakes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "--json", str(fakes))
    assert "must be ≤ 0.4: MISSED" in capsys.readouterr().out
    report = json.loads(fakes.read_text())
    assert report["series"][0]["samples"] == [9.0]
    assert {"date", "processor", "python", "versions", "rounds", "seconds"} <= report.keys()


def test_a_missed_figure_fails_where_it_is_to_be_checked(
    fakes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match=r"^API cold, by spawn: must be ≤ 0\.4: MISSED"):
        run(monkeypatch, "--check", "--json", str(fakes))
    assert fakes.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("stack_environment", "lambda_python")
def test_a_small_bench_measures_everything_without_keras(tmp_path: Path) -> None:
    """Keras and plain take a minute to build."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.benchmarks", "--rounds", "1"),
            *("--programs", INKLING, FLOOR, BARE),
            *("--folder", str(tmp_path), "--json", str(tmp_path / "bench.json")),
        ],
        cwd=PROJECT,
        env=build_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "bench.json").read_text())
    found = {(each["section"], each["program"]) for each in report["series"]}
    assert {section for section, _ in found} == set(figures.SECTIONS)
    assert {(figures.API_EMULATOR, FLOOR), (figures.PREDICTOR_SPAWN, INKLING)} < found
    measured = [each for each in report["series"] if each["program"] != AROUND]  # that's a rest
    assert all(sample > 0 for each in measured for sample in each["samples"])
