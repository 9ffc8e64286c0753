"""What the image holds, and what it doesn't."""

import json
from typing import Any, Final

import pytest

from tests.container.container import Container, docker

pytestmark = [pytest.mark.docker, pytest.mark.slow]

MOST_MEGABYTES: Final = 110
"""On top of the base, which is some 120 MB: NumPy, LiteRT and Pillow are 70 of them."""


def inspect(name: str) -> dict[str, Any]:
    (described,) = json.loads(docker("image", "inspect", name))
    assert isinstance(described, dict)
    return described


def test_it_is_small(image: str, base_image: str) -> None:
    added = inspect(image)["Size"] - inspect(base_image)["Size"]
    assert added / 1e6 < MOST_MEGABYTES


def test_it_says_what_it_is(image: str) -> None:
    labels = inspect(image)["Config"]["Labels"]
    prefix = "org.opencontainers.image."
    assert labels[f"{prefix}title"] == "Inkling"
    assert labels[f"{prefix}licenses"] == "MIT"
    assert labels[f"{prefix}description"]
    assert f"{prefix}revision" in labels


def test_its_user_is_a_number_that_is_not_root(image: str) -> None:
    """An orchestrator that refuses root can't look up a name."""
    user, _, group = inspect(image)["Config"]["User"].partition(":")
    assert int(user) > 0
    assert int(group) > 0


def test_it_holds_what_the_server_runs_on_and_nothing_else_of_ours(container: Container) -> None:
    found = container.execute("ls", "/app").stdout.split()
    ours = {"api", "frontend", "recognition", "storage", "local_server.py", "local_connection.py"}
    assert ours <= set(found)
    assert not {"predictor", "tests", "data", "requirements", "lambda_package", "boto3"} & set(
        found
    )
    listed = container.execute("find", *(f"/app/{name}" for name in ours)).stdout.splitlines()
    assert [path for path in listed if "/." in path or path.endswith("handler.py")] == []


def test_drawings_are_read_by_what_was_compiled_for_them(container: Container) -> None:
    program = "from recognition import drawing; assert drawing._FUNCTION is not None"
    done = container.execute("python3", "-c", program)
    assert done.returncode == 0, done.stderr
    listed = container.execute("find", "/app").stdout
    assert "/app/recognition/libdrawing.so" in listed
    assert ".cpp" not in listed
    assert "ziglang" not in listed


def test_where_pip_looked_is_no_secret_of_the_image_s(image: str) -> None:
    history = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", image)
    assert "PIP_" not in history
    assert "PIP_" not in json.dumps(inspect(image)["Config"])


def test_the_server_can_read_its_code_and_change_none_of_it(container: Container) -> None:
    everything = ("find", "/app", "!", "-type", "l")
    assert container.execute(*everything, "!", "-readable").stdout == ""
    assert container.execute(*everything, "-writable").stdout == ""
    assert container.execute(*everything, "!", "-user", "0").stdout == ""
