"""`log_native_words`: what the native code of a library says, as lines of the log.

It writes to the process's standard error, past everything that Python could put in its way: LiteRT,
for one, that it has made itself a delegate. There is no setting that stops it.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.logs import log

_STANDARD_ERROR: Final = 2
_CHATTER: Final = "INFO:"


@contextmanager
def log_native_words() -> Iterator[None]:
    """Log what is written to the standard error meanwhile, a warning for each line, save chatter.

    For a process that has no other threads yet: theirs would be taken for native words too.
    """
    if sys.stderr is None:  # it was closed: nothing that is written there gets anywhere
        yield
        return
    with tempfile.TemporaryFile() as words:
        stream = os.dup(_STANDARD_ERROR)
        os.dup2(words.fileno(), _STANDARD_ERROR)
        try:
            yield
        finally:
            os.dup2(stream, _STANDARD_ERROR)
            os.close(stream)
            words.seek(0)
            for line in words.read().decode(errors="replace").splitlines():
                if line and not line.startswith(_CHATTER):
                    log.warning("Native code says", extra={"fields": {"words": line}})
