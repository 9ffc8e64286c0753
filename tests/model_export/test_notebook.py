"""The notebook runs from its first cell to its last, on small data."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

NOTEBOOK: Final = Path(__file__).parents[2] / "model_export" / "digits.ipynb"
PARAMETERS: Final = "parameters"
"""The tag of the cell that says which data, and how much of everything."""


@pytest.fixture
def notebook() -> Any:
    return json.loads(NOTEBOOK.read_text(encoding="utf-8"))


def list_code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_it_is_kept_without_outputs(notebook: Any) -> None:
    for cell in list_code(notebook):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


def test_one_cell_decides_the_run(notebook: Any) -> None:
    tagged = [
        cell for cell in list_code(notebook) if PARAMETERS in cell["metadata"].get("tags", [])
    ]
    assert len(tagged) == 1
    names = {line.partition(" = ")[0] for line in tagged[0]["source"]}
    assert names >= {"DATA", "VERIFY", "SHARE", "PLAN", "TESTED", "BUILD"}


def test_it_only_calls_what_is_tested_elsewhere(notebook: Any) -> None:
    source = "".join(line for cell in list_code(notebook) for line in cell["source"])
    assert "def " not in source
    assert "class " not in source


@pytest.mark.slow
@pytest.mark.tensorflow
def test_it_walks_from_data_to_errors(small_data: Path, tmp_path: Path) -> None:
    import nbclient
    import nbformat

    read: Any = nbformat.reads  # has no types
    document = read(NOTEBOOK.read_text(encoding="utf-8"), as_version=4)
    parameters = next(
        cell for cell in list_code(document) if PARAMETERS in cell["metadata"].get("tags", [])
    )
    parameters["source"] = "\n".join(
        (
            f"DATA = Path({str(small_data)!r})",
            "VERIFY = False",
            "SHARE = 0.001",
            "PLAN = TrainingPlan(seed=1, epochs=2, epoch_size=400, batch_size=40, width=4)",
            "TESTED = 80",
            f"BUILD = Path({str(tmp_path)!r})",
        )
    )
    nbclient.NotebookClient(
        document,
        timeout=120,
        resources={"metadata": {"path": str(NOTEBOOK.parent)}},
    ).execute()

    outputs = [output for cell in list_code(document) for output in cell["outputs"]]
    printed = "".join(output["text"] for output in outputs if output["output_type"] == "stream")
    assert "divided by writer" in printed
    assert "MNIST test, single model" in printed
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 3
    assert "How well it reads" in (tmp_path / "report.html").read_text(encoding="utf-8")
