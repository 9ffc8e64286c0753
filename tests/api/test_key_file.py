"""A laptop's API key: made once, kept, and nobody else's."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from api.errors import SettingsError
from api.key_file import find_api_key


def test_a_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "api-key"
    key, is_new = find_api_key(path)
    assert is_new
    assert len(key) >= 40
    assert find_api_key(path) == (key, False)
    assert list(tmp_path.iterdir()) == [path]


def test_each_folder_has_another(tmp_path: Path) -> None:
    keys = {find_api_key(tmp_path / name)[0] for name in "abc"}
    assert len(keys) == 3


@pytest.mark.skipif(os.name == "nt", reason="files have no modes there")
def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "api-key"
    find_api_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name == "nt", reason="files have no modes there")
def test_a_file_that_others_could_read_becomes_its_owner_s(tmp_path: Path) -> None:
    path = tmp_path / "api-key"
    path.write_text("my own key")
    path.chmod(0o644)
    assert find_api_key(path) == ("my own key", False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_first_starts_at_once_one_makes_the_key_of_all(tmp_path: Path) -> None:
    count = 4
    together = Barrier(count)

    def start(path: Path) -> tuple[str, bool]:
        together.wait()
        return find_api_key(path)

    with ThreadPoolExecutor(count) as threads:
        for i in range(100):
            path = tmp_path / f"api-key-{i}"
            found = list(threads.map(start, [path] * count))
            assert {key for key, _ in found} == {path.read_text().strip()}
            assert [is_new for _, is_new in found].count(True) == 1
    assert len(list(tmp_path.iterdir())) == 100


def test_a_key_is_made_where_a_file_can_t_have_two_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "api-key"
    key, is_new = find_api_key(path)
    assert is_new
    assert find_api_key(path) == (key, False)
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_may_be_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "api-key"
    path.write_text(" my own key \n")
    assert find_api_key(path) == ("my own key", False)


def test_an_empty_file_gets_a_key(tmp_path: Path) -> None:
    path = tmp_path / "api-key"
    path.touch()
    key, is_new = find_api_key(path)
    assert (len(key) >= 40, is_new) == (True, True)


@pytest.mark.parametrize("content", [b"\n\n", b"\x00\x01", b"\xff", b"a\nb", b"x" * 1001])
def test_a_file_that_holds_no_key_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "api-key"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match="api-key"):
        find_api_key(path)
    assert path.read_bytes() == content


def test_a_file_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="api-key can't be used: No such file or directory"):
        find_api_key(tmp_path / "missing" / "api-key")


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "api-key").mkdir()
    with pytest.raises(SettingsError, match="api-key can't be used: Is a directory"):
        find_api_key(tmp_path / "api-key")
