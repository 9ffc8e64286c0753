"""Forms that a server signs for itself: they let in what they say, once they're as signed."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from storage.errors import FormForbidden, UploadEmpty, UploadTooLarge
from storage.ids import new_id
from storage.local_uploads import LocalUploads
from storage.uploads import FORM_LIFETIME

ID = new_id()


def make_fields(uploads: LocalUploads) -> dict[str, str]:
    return dict(uploads.make_form(ID, "image/png", 1000).fields)


def test_a_form_says_where_it_goes_and_until_when() -> None:
    form = LocalUploads("/here").make_form(ID, "image/png", 1000)
    assert form.url == "/here"
    assert form.fields["key"] == f"uploads/{ID}"
    assert form.fields["Content-Type"] == "image/png"
    assert abs(form.expires_at - datetime.now(UTC) - FORM_LIFETIME) < timedelta(seconds=5)
    assert all(isinstance(value, str) for value in form.fields.values())


def test_a_form_as_it_was_signed_lets_in_what_it_says() -> None:
    uploads = LocalUploads("/here")
    permit = uploads.check_form({**make_fields(uploads), "another": "of no consequence"})
    assert (permit.record_id, permit.max_bytes) == (ID, 1000)
    permit.check_size(1)
    permit.check_size(1000)
    with pytest.raises(UploadTooLarge):
        permit.check_size(1001)
    with pytest.raises(UploadEmpty):
        permit.check_size(0)


@pytest.mark.parametrize("name", ["key", "Content-Type", "policy", "signature"])
@pytest.mark.parametrize("value", [None, "", "x", "\x00", "\ufffd", "é" * 5000])
def test_a_form_that_was_changed_lets_nothing_in(name: str, value: str | None) -> None:
    uploads = LocalUploads("/here")
    fields = make_fields(uploads)
    if value is None:
        del fields[name]
    else:
        fields[name] = value
    with pytest.raises(FormForbidden):
        uploads.check_form(fields)


def test_a_policy_of_one_s_own_lets_nothing_in() -> None:
    uploads = LocalUploads("/here")
    fields = make_fields(uploads)
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert policy["max_bytes"] == 1000
    policy["max_bytes"] = 10**9
    fields["policy"] = base64.b64encode(json.dumps(policy).encode()).decode()
    with pytest.raises(FormForbidden):
        uploads.check_form(fields)


def test_another_server_s_form_lets_nothing_in() -> None:
    with pytest.raises(FormForbidden):
        LocalUploads("/here").check_form(make_fields(LocalUploads("/here")))


def test_a_form_that_has_expired_lets_nothing_in() -> None:
    uploads = LocalUploads("/here", lifetime=timedelta(0))
    with pytest.raises(FormForbidden, match="expired"):
        uploads.check_form(make_fields(uploads))


def test_an_empty_form_lets_nothing_in() -> None:
    with pytest.raises(FormForbidden):
        LocalUploads("/here").check_form({})
