"""`Connection`: uvicorn's way of speaking HTTP, with an answer like all others to what is no HTTP,
and an end to what never becomes a request.

Uvicorn answers the one with a plain text, or an exception, and waits for the other for ever: for as
many connections as a process may have open, after which nobody else is answered.
"""

import asyncio
import sys
from http import HTTPStatus
from typing import Final

import h11
from starlette.datastructures import MutableHeaders
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.logs import REQUEST_ID_HEADER, identify_request, log
from api.middleware import add_headers
from api.problems import ProblemResponse, problem_of_status

IDLE_SECONDS: Final = 30.0
"""For a request's head to come, and for a client to take its answer when it's too long for the
system to keep. A body has a limit of its own."""

_UNANSWERED: Final = (h11.IDLE, h11.SEND_RESPONSE)


class Connection(H11Protocol):
    """One client's connection."""

    _deadline: asyncio.TimerHandle | None = None
    _unsent = 0
    """Bytes of answers that it had yet to take when the waiting began."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin_to_wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            if not self.flow.write_paused:
                self._end_to_wait()
        elif self._deadline is None:
            # Half of a head, or more of a body that has had its answer. More of it is no reason to
            # wait anew.
            self._begin_to_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_to_wait()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._begin_to_wait()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self.transport.is_closing():
            self._end_to_wait()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._begin_to_wait()  # for the client to take what it was sent

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; what has its answer, or half of it, is only cut off."""
        error = sys.exc_info()[1]  # what uvicorn is handling, and keeps to itself
        if self.conn.our_state in _UNANSWERED:
            self._refuse(HTTPStatus(getattr(error, "error_status_hint", HTTPStatus.BAD_REQUEST)))
        if self.cycle is not None:
            self.cycle.disconnected = True  # so that the application answers no more
        self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        problem = problem_of_status(status)
        with identify_request() as request_id:
            response = ProblemResponse(
                problem, "What was sent is not HTTP as this server knows it."
            )
            log.info("request", extra={"fields": {"status": status, "problem": problem.type}})
        headers = MutableHeaders(raw=[*response.raw_headers, (b"connection", b"close")])
        headers[REQUEST_ID_HEADER] = request_id
        add_headers(headers)
        for event in (
            h11.Response(status_code=status, headers=headers.raw, reason=status.phrase),
            h11.Data(data=bytes(response.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")

    def _begin_to_wait(self) -> None:
        self._end_to_wait()
        self._unsent = self.transport.get_write_buffer_size()
        self._deadline = self.loop.call_later(IDLE_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if self.transport.get_write_buffer_size() < self._unsent:
            self._begin_to_wait()  # it does take its answer, if slowly
        else:
            self.transport.abort()

    def _end_to_wait(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
