"""`Reader`, where a cloud can't be brought to what is asked about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from predictor.events import Arrival
from predictor.reading import Reader, find_sent_id
from recognition.recognizer import Recognizer
from storage.dynamodb import DynamoRecords
from storage.ids import created_at, new_id
from storage.records import RETENTION, RecognitionRecord
from storage.results import S3Results
from storage.uploaded_objects import S3UploadedObjects, UploadedImage
from tests.conftest import DrawDigit
from tests.predictor.conftest import Way

pytestmark = pytest.mark.slow

YEAR = timedelta(days=365)


class OldUploads(S3UploadedObjects):
    """A bucket whose images all came a year earlier than they did."""

    def read(self, *arguments: Any, **options: Any) -> UploadedImage | None:
        image = super().read(*arguments, **options)
        return image and replace(image, modified_at=image.modified_at - YEAR)


def test_an_old_scan_is_kept_as_long_as_a_new_one(
    way: Way, records: DynamoRecords, recognizer: Recognizer, draw_digit: DrawDigit
) -> None:
    way.drop_quietly("7.png", draw_digit(7))
    reader = Reader(
        recognizer,
        bucket=way.cloud.uploads,
        uploads=OldUploads(way.cloud.uploads),
        results=S3Results(way.cloud.results),
        records=records,
        retention=RETENTION,
    )
    reading = reader.read(Arrival(way.folder + "7.png"))
    assert reading.record is not None
    record = records.get(reading.record.id)
    assert isinstance(record, RecognitionRecord)
    now = datetime.now(UTC)
    assert abs(created_at(record.id) - (now - YEAR)) < timedelta(minutes=1)
    assert abs(record.expires_at - (now + RETENTION)) < timedelta(minutes=1)


def test_an_id_is_taken_from_where_signed_forms_put_images_alone() -> None:
    record_id = new_id()
    assert find_sent_id(f"uploads/{record_id}") == record_id
    for key in (record_id, f"scans/{record_id}", f"uploads/{record_id}.png", "uploads/7.png"):
        assert find_sent_id(key) is None
