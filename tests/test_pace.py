"""A test that takes long is marked so."""

import pytest

from tests import pace


def run(item: pytest.Item) -> None:
    """The hook, around a test that does nothing."""
    hook = pace.pytest_runtest_call(item)
    next(hook)
    with pytest.raises(StopIteration):
        hook.send(None)


def test_a_quick_test_need_not_be_marked(request: pytest.FixtureRequest) -> None:
    run(request.node)


def test_a_test_that_takes_long_and_is_not_marked_fails(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:  # this very test is held to it too
        patch.setattr(pace, "QUICK_SECONDS", -1)
        with pytest.raises(pytest.fail.Exception, match="is not marked slow"):
            run(request.node)


@pytest.mark.slow
def test_a_slow_test_takes_as_long_as_it_takes(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "QUICK_SECONDS", -1)
    run(request.node)
