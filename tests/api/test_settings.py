"""Settings come from the environment, and a wrong one is named."""

import shutil
from pathlib import Path

import pytest

from api import settings
from api.errors import SettingsError
from api.settings import read_settings
from tests.api.conftest import PAGE


def write_page(folder: Path) -> None:
    (folder / "examples").mkdir(parents=True)
    (folder / "index.html").touch()


def test_the_page_of_a_checkout_is_found() -> None:
    assert read_settings({}).page == PAGE


def test_the_page_of_a_lambda_package_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it lies beside the code, which is the package's root."""
    package = tmp_path / "task"
    shutil.copytree(Path(settings.__file__).parent, package / "api")
    write_page(package / "frontend")
    names = {"__file__": str(package / "api" / "settings.py"), "__name__": "packaged"}
    exec((package / "api" / "settings.py").read_text(), names)
    assert names["_PAGES"][0] == package / "frontend"  # type: ignore[comparison-overlap]
    monkeypatch.setattr(settings, "_PAGES", names["_PAGES"])
    assert read_settings({}).page == package / "frontend"


def test_the_environment_may_name_another(tmp_path: Path) -> None:
    write_page(tmp_path)
    assert read_settings({"INKLING_PAGE": str(tmp_path)}).page == tmp_path


@pytest.mark.parametrize("missing", ["index.html", "examples", "both"])
def test_a_folder_without_a_page_is_named_with_its_variable(tmp_path: Path, missing: str) -> None:
    if missing == "examples":
        (tmp_path / "index.html").touch()
    if missing == "index.html":
        (tmp_path / "examples").mkdir()
    with pytest.raises(SettingsError, match="INKLING_PAGE") as failure:
        read_settings({"INKLING_PAGE": str(tmp_path)})
    assert str(tmp_path) in str(failure.value)
