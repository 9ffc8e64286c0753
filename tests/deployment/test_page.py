from pathlib import Path

import pytest

from deployment.errors import DeploymentError
from deployment.page import ALWAYS_ASK, FRONTEND, KINDS, list_page_files


def test_every_file_of_the_page_is_listed_once_and_the_index_last() -> None:
    keys = [file.key for file in list_page_files()]
    assert keys[-1] == "index.html"
    assert len(keys) == len(set(keys))
    files = {str(p.relative_to(FRONTEND)) for p in FRONTEND.rglob("*") if p.is_file()}
    assert files <= set(keys)


def test_examples_are_at_both_of_their_addresses() -> None:
    files = {file.key: file for file in list_page_files()}
    assert files["examples/7.jpg"].content == files["static/test_digits/7.jpg"].content


def test_type_and_caching_are_those_of_the_kind_of_file() -> None:
    files = {file.key: file for file in list_page_files()}
    assert files["js/main.js"].media_type == "text/javascript; charset=utf-8"
    assert files["index.html"].media_type == "text/html; charset=utf-8"
    assert files["favicon.svg"].media_type == "image/svg+xml"
    # What must be of one version is asked for each time.
    assert {f.caching for f in files.values() if f.key.endswith((".js", ".css", ".html"))} == {
        ALWAYS_ASK
    }
    assert all("s-maxage=31536000" in caching for _, caching in KINDS.values())


def test_hidden_files_are_not_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("page")
    (tmp_path / ".DS_Store").write_text("no")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("no")
    assert [file.key for file in list_page_files(tmp_path)] == ["index.html"]


def test_file_of_an_unknown_kind_is_refused_before_anything_is_uploaded(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("page")
    (tmp_path / "notes.md").write_text("no")
    with pytest.raises(DeploymentError, match=r"notes\.md is of no kind that the page has"):
        list_page_files(tmp_path)


def test_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "main.js").write_text("1")
    with pytest.raises(DeploymentError, match=r"has no index\.html"):
        list_page_files(tmp_path)
