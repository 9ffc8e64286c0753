import tomllib
from pathlib import Path

import pytest

from deployment.errors import DeploymentError
from deployment.saved_settings import read_settings, write_settings


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    parameters = {"AlarmEmail": "a@b.example", "DomainName": "", "Note": 'it "says" \\ so'}
    first = read_settings("mine", tmp_path)
    assert (first.is_new, first.region, first.parameters) == (True, None, {})
    write_settings(first, "mine", "eu-west-1", parameters)
    saved = read_settings("mine", tmp_path)
    assert (saved.is_new, saved.region, saved.parameters) == (False, "eu-west-1", parameters)
    assert [path.name for path in tmp_path.iterdir()] == ["samconfig.mine.toml"]


def test_each_stack_has_settings_of_its_own(tmp_path: Path) -> None:
    write_settings(read_settings("one", tmp_path), "one", "eu-west-1", {})
    assert read_settings("two", tmp_path).is_new


def test_what_the_operator_added_for_sam_stays(tmp_path: Path) -> None:
    path = tmp_path / "samconfig.mine.toml"
    path.write_text(
        "version = 0.1\n[default.deploy.parameters]\nstack_name = 'mine'\nregion = 'eu-west-1'\n"
        "role_arn = 'arn:aws:iam::1:role/x'\ndisable_rollback = true\n"
        "notification_arns = ['a', 'b']\nparameter_overrides = ['A=\"1\"', 'B=2']\n"
    )
    saved = read_settings("mine", tmp_path)
    assert saved.parameters == {"A": "1", "B": "2"}
    write_settings(saved, "mine", "eu-west-1", {"A": "3"})
    written = tomllib.loads(path.read_text())["default"]["deploy"]["parameters"]
    assert written["role_arn"] == "arn:aws:iam::1:role/x"
    assert written["disable_rollback"] is True
    assert written["notification_arns"] == ["a", "b"]
    assert written["parameter_overrides"] == 'A="3"'


@pytest.mark.parametrize("text", ["no toml", "version = 0.1\n"])
def test_file_that_is_no_settings_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "samconfig.mine.toml").write_text(text)
    with pytest.raises(DeploymentError, match=r"samconfig\.mine\.toml"):
        read_settings("mine", tmp_path)
