"""`/api/system_info`: how busy the machine is, in the words of those who have always asked."""

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI

from api.logs import log
from api.machine import ProcessorMeter, read_memory
from api.problem_examples import document_problems
from api.schemas import SystemInfo

UNKNOWN: Final = "unknown"


def add_system(app: FastAPI) -> None:
    processor = ProcessorMeter()

    @app.get(
        "/api/system_info",
        tags=["service"],
        summary="See how busy the machine is",
        responses=document_problems(),
    )
    async def read_system_info() -> SystemInfo:
        return SystemInfo(memory=show_share(read_memory), cpu=show_share(processor.read))


def show_share(read: Callable[[], float]) -> str:
    """A share as a whole percentage, "0%" to "100%", or `UNKNOWN` where the system can't tell."""
    try:
        share = read()
    except Exception as error:  # whatever a system lacks: nobody shall fail for this
        log.warning("The machine can't tell its load", exc_info=error)
        return UNKNOWN
    return f"{round(100 * min(max(share, 0.0), 1.0))}%"
