"""`create_app`: the whole API, wired. What it's made of comes in as arguments."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware

from api.answer_examples import document_outcomes
from api.answering import Answering
from api.description import DESCRIPTION
from api.keeping import Keeping
from api.keys import ApiKeys
from api.layers import list_layers
from api.problem_handlers import add_problem_handlers
from api.routes.batch import add_batch
from api.routes.compatible import add_compatible
from api.routes.docs import add_docs
from api.routes.examples import add_examples
from api.routes.labels import add_labels
from api.routes.model import add_model
from api.routes.page import add_page
from api.routes.recognitions import add_recognitions
from api.routes.records import add_records
from api.routes.system import add_system
from api.routes.upload_forms import add_upload_form
from api.routes.uploads import add_uploads
from api.short_way import ShortWay
from recognition.recognizer import Recognizer
from storage.archive import Archive
from storage.local_uploads import LocalUploads
from storage.records import RETENTION, Images, Records
from storage.uploads import Uploads


def create_app(
    recognizer: Recognizer,
    *,
    page: Path,
    records: Records | None = None,
    images: Images | None = None,
    uploads: Uploads | None = None,
    open_stores: Callable[[], None] | None = None,
    api_keys: frozenset[str] = frozenset(),
    retention: timedelta = RETENTION,
    rate_limit: int | None = None,
    compress: bool = False,
) -> FastAPI:
    """Build the API and the page's server.

    Args:
        recognizer: reads the digits.
        page: the page's folder, with its `index.html` and `examples`.
        records: keeps the answers; without it, or without `images`, nothing is kept.
        images: keeps the images.
        uploads: lets in images that are too large for a request; without it, none are.
        open_stores: called once, before anything is kept.
        api_keys: the SHA-256 of each key that is valid, in hexadecimals; without any, nobody may
            list what was kept.
        retention: how long it is kept, in whole days.
        rate_limit: how many requests that cost something one client may send in a minute.
        compress: whether to send the page's files compressed, for want of an edge that does.
    """
    archive = None
    if records is not None and images is not None:
        archive = Archive(records, images, uploads)
    keeping = Keeping(
        archive,
        model=recognizer.card.version,
        retention=retention,
        open_stores=open_stores,
    )
    answering = Answering(recognizer, keeping)
    app = FastAPI(
        **DESCRIPTION,
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect loses API Gateway's stage
        generate_unique_id_function=lambda route: route.name,
        middleware=[
            *list_layers(rate_limit=rate_limit, compress=compress),
            Middleware(ShortWay, answering),
        ],
    )
    add_problem_handlers(app)
    keys = ApiKeys(api_keys)
    add_recognitions(app, answering)
    add_batch(app, recognizer, keeping)
    add_records(app, archive, keys)
    add_labels(app, archive, keys)
    add_uploads(app, archive, retention)
    if archive is not None and isinstance(uploads, LocalUploads):
        add_upload_form(app, recognizer, archive, uploads, retention)
    add_compatible(app, recognizer)
    add_examples(app, page / "examples")
    add_model(app, recognizer.card)
    add_system(app)
    add_docs(app)
    document_outcomes(app)
    add_page(app, page)
    return app
