"""`/api/system_info`, as existing clients know it."""

import re

import pytest
from starlette.testclient import TestClient

from api.routes.system import UNKNOWN, show_share


def test_the_machine_s_load_is_told_in_percent(client: TestClient) -> None:
    for _ in range(3):
        response = client.get("/api/system_info")
        assert response.status_code == 200
        assert list(response.json()) == ["memory", "cpu"]
        for figure in response.json().values():
            assert re.fullmatch(r"[0-9]{1,3}%", figure)
            assert 0 <= int(figure[:-1]) <= 100


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0, "0%"), (0.654, "65%"), (0.998, "100%"), (1, "100%"), (1.0001, "100%"), (-0.1, "0%")],
)
def test_a_share_is_a_whole_percentage(share: float, shown: str) -> None:
    assert show_share(lambda: share) == shown


def test_a_machine_that_can_t_tell_is_no_error() -> None:
    def fail() -> float:
        raise PermissionError("/proc/stat")

    assert show_share(fail) == UNKNOWN
