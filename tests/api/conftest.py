"""The API in this process, with the real recogniser, page and stores."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keys import hash_key
from api.logs import log, write_log_to
from api.routes.upload_forms import FORM_URL
from recognition.recognizer import Recognizer
from storage.folder import FolderImages
from storage.local_uploads import LocalUploads
from storage.sqlite import SqliteRecords
from tests.api.outcomes import RECOGNITIONS, ToldRecognizer

PAGE = Path(__file__).parents[2] / "frontend"
KEY = "the tests' own key"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqliteRecords]:
    store = SqliteRecords(tmp_path / "records.sqlite")
    yield store
    store.close()


@pytest.fixture
def images(tmp_path: Path) -> FolderImages:
    return FolderImages(tmp_path / "images")


@pytest.fixture(scope="session")
def client(recognizer: Recognizer) -> Iterator[TestClient]:
    """Keeps nothing, as the Lambda."""
    with TestClient(create_app(recognizer, page=PAGE)) as client:
        yield client


@pytest.fixture
def keeping_client(
    recognizer: Recognizer, records: SqliteRecords, images: FolderImages
) -> Iterator[TestClient]:
    """Keeps records and images, takes uploads, as the laptop, and knows a key."""
    app = create_app(
        recognizer,
        page=PAGE,
        records=records,
        images=images,
        uploads=LocalUploads(FORM_URL),
        api_keys=frozenset({hash_key(KEY)}),
    )
    with TestClient(app) as client:
        yield client


@pytest.fixture
def outcome_client(
    recognizer: Recognizer,
    records: SqliteRecords,
    images: FolderImages,
    request: pytest.FixtureRequest,
) -> Iterator[TestClient]:
    """Keeps what it reads, and reads the outcome that the test is parametrized with."""
    told = ToldRecognizer(recognizer.card, RECOGNITIONS[request.param])
    with TestClient(create_app(told, page=PAGE, records=records, images=images)) as client:
        yield client


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the log writes."""
    before = (log.handlers, log.level, log.propagate)
    stream = io.StringIO()
    write_log_to(stream)
    yield stream
    log.handlers, log.level, log.propagate = before


def read_lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]
