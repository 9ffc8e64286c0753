"""`LocalUploads`: forms for uploads to this very process, of the same shape as S3's."""

import hmac
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from storage.errors import FormForbidden, UploadEmpty, UploadTooLarge
from storage.records import FinishedRecord, UploadedObject, name_upload
from storage.uploads import FORM_LIFETIME, UploadForm

_KEY: Final = "key"
_TYPE: Final = "Content-Type"
_POLICY: Final = "policy"
_SIGNATURE: Final = "signature"


@dataclass(frozen=True, slots=True)
class Permit:
    """What a form that was signed here lets in."""

    record_id: str
    max_bytes: int

    def check_size(self, size: int) -> None:
        """Raises UploadTooLarge or UploadEmpty for that many bytes."""
        if size > self.max_bytes:
            raise UploadTooLarge(f"The image has more than {self.max_bytes:,} bytes.")
        if size == 0:
            raise UploadEmpty("The image has no bytes.")


class LocalUploads:
    """Signs forms with a key that this process alone has: they are void once it ends.

    An image is read as soon as it comes, and lies where all the others do: there is no bucket.
    """

    def __init__(self, url: str, lifetime: timedelta = FORM_LIFETIME) -> None:
        """The url is where forms are sent to."""
        self._url = url
        self._lifetime = lifetime
        self._secret = secrets.token_bytes(32)

    def make_form(self, record_id: str, media_type: str, max_bytes: int) -> UploadForm:
        expires_at = datetime.now(UTC).replace(microsecond=0) + self._lifetime
        fields = {_KEY: name_upload(record_id), _TYPE: media_type}
        policy = {
            "id": record_id,
            "fields": fields,
            "max_bytes": max_bytes,
            "expires_at": expires_at.isoformat(),
        }
        text = b64encode(json.dumps(policy).encode()).decode()
        signed = {**fields, _POLICY: text, _SIGNATURE: self._sign(text)}
        return UploadForm(self._url, signed, expires_at)

    def check_form(self, fields: Mapping[str, str]) -> Permit:
        """What a form lets in. Raises FormForbidden."""
        text = fields.get(_POLICY, "")
        given = fields.get(_SIGNATURE, "").encode()
        if not hmac.compare_digest(self._sign(text).encode(), given):
            raise FormForbidden("The form is not as it was signed.")
        policy = json.loads(b64decode(text))
        if any(fields.get(name) != value for name, value in policy["fields"].items()):
            raise FormForbidden("The form's fields are not those that were signed.")
        if datetime.fromisoformat(policy["expires_at"]) <= datetime.now(UTC):
            raise FormForbidden("The form has expired.")
        return Permit(policy["id"], policy["max_bytes"])

    def read(self, upload: UploadedObject) -> bytes | None:
        return None

    def remove(self, record: FinishedRecord) -> None:
        pass

    def remove_sent(self, record_id: str) -> None:
        pass

    def _sign(self, policy: str) -> str:
        return hmac.digest(self._secret, policy.encode("utf-8", "replace"), "sha256").hex()
