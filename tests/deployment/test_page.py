import hashlib
import json
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
    assert files["manifest.webmanifest"].media_type == "application/manifest+json"
    assert files["icons/192.png"].media_type == "image/png"
    # What must be of one version is asked for each time, the service worker and its list as well.
    of_a_version = (".js", ".css", ".html", ".json")
    assert {f.caching for f in files.values() if f.key.endswith(of_a_version)} == {ALWAYS_ASK}
    assert {"sw.js", "shell.json"} <= files.keys()
    assert all("s-maxage=31536000" in caching for _, caching in KINDS.values())


def test_hidden_files_are_not_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("page")
    (tmp_path / ".DS_Store").write_text("no")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("no")
    assert [file.key for file in list_page_files(tmp_path)] == ["shell.json", "index.html"]


def test_shell_s_list_is_what_the_local_server_makes_of_the_same_files(tmp_path: Path) -> None:
    from api.shell import list_shell

    files = {file.key: file for file in list_page_files()}
    for file in files.values():
        path = tmp_path / file.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    assert files["shell.json"].content == list_shell(tmp_path)


def test_shell_s_list_has_what_the_page_opens_with_and_its_hashes() -> None:
    files = {file.key: file for file in list_page_files()}
    hashes = json.loads(files["shell.json"].content)
    assert {"index.html", "styles.css", "js/main.js", "favicon.svg", "js/strings/fr.js"} <= (
        hashes.keys()
    )
    assert not {"sw.js", "shell.json", "examples/7.jpg", "icons/192.png"} & hashes.keys()
    for key, digits in hashes.items():
        assert hashlib.sha256(files[key].content).hexdigest().startswith(digits)
        assert len(digits) == 32


def test_file_of_an_unknown_kind_is_refused_before_anything_is_uploaded(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("page")
    (tmp_path / "notes.md").write_text("no")
    with pytest.raises(DeploymentError, match=r"notes\.md is of no kind that the page has"):
        list_page_files(tmp_path)


def test_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    (tmp_path / "main.js").write_text("1")
    with pytest.raises(DeploymentError, match=r"has no index\.html"):
        list_page_files(tmp_path)
