"""`create_app`: the whole API, wired. What it's made of comes in as arguments."""

from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware

from api.answer_examples import document_outcomes
from api.keeping import Keeping
from api.keys import ApiKeys
from api.logs import RequestLog
from api.middleware import LastResort, ResponseHeaders, RootSlash
from api.problems import add_problem_handlers
from api.routes.batch import add_batch
from api.routes.compatible import add_compatible
from api.routes.docs import add_docs
from api.routes.examples import add_examples
from api.routes.labels import add_labels
from api.routes.model import add_model
from api.routes.page import add_page
from api.routes.recognitions import add_recognitions
from api.routes.records import add_records
from recognition.recognizer import Recognizer
from storage.archive import Archive
from storage.records import RETENTION, Images, Records


def create_app(
    recognizer: Recognizer,
    *,
    page: Path,
    records: Records | None = None,
    images: Images | None = None,
    api_keys: frozenset[str] = frozenset(),
    retention: timedelta = RETENTION,
) -> FastAPI:
    """Build the API and the page's server.

    Args:
        recognizer: reads the digits.
        page: the page's folder, with its `index.html` and `examples`.
        records: keeps the answers; without it, or without `images`, nothing is kept.
        images: keeps the images.
        api_keys: the SHA-256 of each key that is valid, in hexadecimals; without any, nobody may
            list what was kept.
        retention: how long it is kept, in whole days.
    """
    app = FastAPI(
        title="Inkling",
        summary="Reads handwritten digits.",
        version="0.1.0",
        servers=[{"url": "."}],  # relative to this document: below a stage's prefix too
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect loses API Gateway's stage
        generate_unique_id_function=lambda route: route.name,
        middleware=[
            Middleware(ResponseHeaders),
            Middleware(RequestLog),
            Middleware(LastResort),
            Middleware(RootSlash),
        ],
    )
    archive = Archive(records, images) if records is not None and images is not None else None
    add_problem_handlers(app)
    keeping = Keeping(archive, model=recognizer.card.version, retention=retention)
    keys = ApiKeys(api_keys)
    add_recognitions(app, recognizer, keeping)
    add_batch(app, recognizer, keeping)
    add_records(app, archive, keys)
    add_labels(app, archive, keys)
    add_compatible(app, recognizer)
    add_examples(app, page / "examples")
    add_model(app, recognizer.card)
    add_docs(app)
    document_outcomes(app)
    add_page(app, page)
    return app
