"""`return_freed_memory`; what it is worth is measured at a running server."""

import platform

from recognition.freed_memory import return_freed_memory


def test_glibc_can_be_told_and_any_other_is_left_as_it_is() -> None:
    assert return_freed_memory() is (platform.libc_ver()[0] == "glibc")
