"""What the API takes and answers of images that go another way than through it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.answer_examples import PENDING, UNREADABLE, UPLOAD
from recognition.errors import REASONS
from storage.records import PendingUpload, RefusedUpload
from storage.uploads import UploadForm

MediaType = Literal[
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "image/bmp",
    "application/octet-stream",
]


class UploadRequest(BaseModel):
    """What is to be uploaded, as far as it's known."""

    type: Annotated[MediaType, Field(description="What it will be declared as.")] = (
        "application/octet-stream"
    )
    size: Annotated[
        int | None, Field(strict=True, ge=1, description="Bytes: one too large is refused at once.")
    ] = None

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"type": "image/jpeg", "size": 6_291_456}}
    )


class Upload(BaseModel):
    """What lets one image in, and where its recognition will be."""

    id: str = Field(description="Under which its recognition is pending from now on.")
    url: str = Field(
        description="Where the image goes: POST, multipart/form-data. Absolute, or a path on this "
        "server."
    )
    fields: dict[str, str] = Field(
        description="To be in the form as they are, and before the image, which is the field "
        "`file`."
    )
    max_bytes: int = Field(description="How many the image may have.")
    expires_at: datetime = Field(description="Until when the upload may begin: in UTC.")

    model_config = ConfigDict(json_schema_extra={"example": UPLOAD})


class PendingRecognition(BaseModel):
    """An uploaded image that nobody has read yet, or one that has not come."""

    id: str
    outcome: Literal["pending"]
    expires_at: datetime = Field(description="From then on it's gone, read or not: in UTC.")

    model_config = ConfigDict(json_schema_extra={"example": PENDING})


class UnreadableUpload(BaseModel):
    """An uploaded image that can't be read."""

    id: str = Field(description="Whoever has it may see and remove the record.")
    created_at: datetime = Field(description="In UTC, as the id has it.")
    expires_at: datetime = Field(description="From then on it's gone, image and all: in UTC.")
    outcome: Literal["unreadable"]
    reason: str = Field(
        description="The `type` of the problem that such an image has in a request.",
        json_schema_extra={"enum": [*sorted(set(REASONS.values()))]},
    )

    model_config = ConfigDict(json_schema_extra={"example": UNREADABLE})


def describe_upload(record_id: str, form: UploadForm, *, root: str, max_bytes: int) -> Upload:
    """
    Args:
        root: what this server's own paths begin with.
    """
    return Upload(
        id=record_id,
        url=root + form.url if form.url.startswith("/") else form.url,
        fields=dict(form.fields),
        max_bytes=max_bytes,
        expires_at=form.expires_at,
    )


def describe_pending(record: PendingUpload) -> PendingRecognition:
    return PendingRecognition(id=record.id, outcome="pending", expires_at=record.expires_at)


def describe_refusal(record: RefusedUpload) -> UnreadableUpload:
    return UnreadableUpload(
        id=record.id,
        created_at=record.created_at,
        expires_at=record.expires_at,
        outcome="unreadable",
        reason=record.reason,
    )
