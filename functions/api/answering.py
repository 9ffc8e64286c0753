"""`Answering`: an image in a request to the answer, and to what is kept of it.

Without FastAPI, which `api.short_way` and `api.shortcut` spare most requests.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse

from api.answers import describe_recognition, explain_recognition
from api.errors import InvalidId
from api.inputs import extract_image, read_body
from api.keeping import Keeping, Keepsake
from api.logs import note
from api.reading import Run, read_image, run_reading
from recognition.recognizer import Recognizer
from storage.ids import is_new, new_id


class Answering:
    """Reads what requests bring, an image each."""

    def __init__(self, recognizer: Recognizer, keeping: Keeping, *, run: Run = run_reading) -> None:
        """
        Args:
            run: where to read them.
        """
        self._recognizer = recognizer
        self._keeping = keeping
        self._run = run

    async def answer(
        self, request: Request, *, store: bool = True, explain: bool = False, id: str | None = None
    ) -> JSONResponse:
        """The answer to one image.

        Args:
            store: whether to keep image and answer, where there is a store.
            explain: whether to add what the answer was decided by.
            id: the answer's, of the client's own making.

        Raises:
            InvalidId, InputError, ImageError: the request can't be answered so.
        """
        record_id = new_id() if id is None else take_id(id)
        body = await read_body(request)
        content_type = request.headers.get("content-type", "")
        reading = await read_image(
            self._recognizer,
            lambda: extract_image(body, content_type),
            size=len(body),
            run=self._run,
        )
        recognition = reading.recognition
        keepsakes = [Keepsake(record_id, recognition, reading.image)] if store else []
        stored = any(await self._keeping.keep(keepsakes))
        note(stored=stored)
        fields = describe_recognition(
            recognition,
            record_id=record_id,
            model=self._recognizer.card.version,
            seconds=reading.seconds,
            stored=stored,
        )
        return JSONResponse(fields | explain_recognition(recognition) if explain else fields)


def take_id(given: str) -> str:
    """An id that came with an image, as it's kept. Raises InvalidId."""
    record_id = given.lower()  # RFC 9562, section 4
    if not is_new(record_id):
        raise InvalidId("The id must be a UUID of version 7 that was made within the last hour.")
    return record_id
