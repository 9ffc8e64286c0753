"""Settings come from the environment, and a wrong one is named."""

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from api import settings
from api.errors import SettingsError
from api.settings import CloudStores, UploadBuckets, read_settings
from storage.records import RETENTION
from tests.api.conftest import PAGE


def write_page(folder: Path) -> None:
    (folder / "examples").mkdir(parents=True)
    (folder / "index.html").touch()


def test_the_page_of_a_checkout_is_found() -> None:
    assert read_settings({}).page == PAGE


def test_the_page_of_a_lambda_package_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There it lies beside the code, which is the package's root."""
    package = tmp_path / "task"
    shutil.copytree(Path(settings.__file__).parent, package / "api")
    write_page(package / "frontend")
    names = {"__file__": str(package / "api" / "settings.py"), "__name__": "packaged"}
    exec((package / "api" / "settings.py").read_text(), names)
    assert names["_PAGES"][0] == package / "frontend"  # type: ignore[comparison-overlap]
    monkeypatch.setattr(settings, "_PAGES", names["_PAGES"])
    assert read_settings({}).page == package / "frontend"


def test_the_environment_may_name_another(tmp_path: Path) -> None:
    write_page(tmp_path)
    assert read_settings({"INKLING_PAGE": str(tmp_path)}).page == tmp_path


@pytest.mark.parametrize("missing", ["index.html", "examples", "both"])
def test_a_folder_without_a_page_is_named_with_its_variable(tmp_path: Path, missing: str) -> None:
    if missing == "examples":
        (tmp_path / "index.html").touch()
    if missing == "index.html":
        (tmp_path / "examples").mkdir()
    with pytest.raises(SettingsError, match="INKLING_PAGE") as failure:
        read_settings({"INKLING_PAGE": str(tmp_path)})
    assert str(tmp_path) in str(failure.value)


DIGEST = hashlib.sha256(b"a key").hexdigest()
OTHER = hashlib.sha256(b"another key").hexdigest()


def test_nothing_is_kept_and_nobody_has_a_key_unless_the_environment_says_so() -> None:
    found = read_settings({})
    assert (found.api_keys, found.stores, found.retention) == (frozenset(), None, RETENTION)


@pytest.mark.parametrize(
    ("text", "digests"),
    [
        (DIGEST, {DIGEST}),
        (f" {DIGEST.upper()} ", {DIGEST}),
        (f"{DIGEST},{OTHER}", {DIGEST, OTHER}),
        (f"{DIGEST}, {OTHER},", {DIGEST, OTHER}),
        ("", set()),
    ],
)
def test_api_keys_are_read_as_their_hashes(text: str, digests: set[str]) -> None:
    assert read_settings({"INKLING_API_KEY_SHA256": text}).api_keys == digests


@pytest.mark.parametrize("text", ["my-secret-key", DIGEST[1:], f"{DIGEST};{OTHER}", "g" * 64])
def test_an_api_key_that_is_no_hash_is_named_and_not_shown(text: str) -> None:
    with pytest.raises(SettingsError, match="INKLING_API_KEY_SHA256") as failure:
        read_settings({"INKLING_API_KEY_SHA256": text})
    assert text not in str(failure.value)


NAMES = {"INKLING_RECORDS_TABLE": "records", "INKLING_IMAGES_BUCKET": "images"}


def test_the_clouds_stores_are_read_by_their_names() -> None:
    assert read_settings(NAMES).stores == CloudStores(table="records", bucket="images")
    assert read_settings(dict.fromkeys(NAMES, "")).stores is None


UPLOADS = {"INKLING_UPLOADS_BUCKET": "uploads", "INKLING_RESULTS_BUCKET": "results"}


def test_the_bucket_of_uploads_is_read_with_that_of_their_results() -> None:
    buckets = UploadBuckets(uploads="uploads", results="results")
    assert read_settings(NAMES | UPLOADS).stores == CloudStores("records", "images", buckets)
    assert read_settings(NAMES | dict.fromkeys(UPLOADS, "")).stores == CloudStores(
        "records", "images"
    )


@pytest.mark.parametrize("missing", UPLOADS)
def test_one_of_their_buckets_without_the_other_is_named(missing: str) -> None:
    left = {key: value for key, value in UPLOADS.items() if key != missing}
    with pytest.raises(SettingsError, match=f"^{missing} is missing"):
        read_settings(NAMES | left)


def test_uploads_without_records_are_named() -> None:
    with pytest.raises(SettingsError, match=r"^INKLING_RECORDS_TABLE is missing"):
        read_settings(UPLOADS)


@pytest.mark.parametrize("missing", NAMES)
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_one_store_without_the_other_is_named(missing: str, how: str) -> None:
    left = {key: value for key, value in NAMES.items() if key != missing}
    with pytest.raises(SettingsError, match=f"^{missing} is missing"):
        read_settings(left if how == "absent" else {**left, missing: ""})


RETENTIONS = {
    "INKLING_RETENTION_DAYS": "retention",
    "INKLING_UPLOAD_RETENTION_DAYS": "upload_retention",
}


@pytest.mark.parametrize(("variable", "name"), RETENTIONS.items())
def test_the_retention_is_read_in_days(variable: str, name: str) -> None:
    assert getattr(read_settings({variable: "7"}), name) == timedelta(days=7)
    assert getattr(read_settings({variable: ""}), name) == RETENTION


@pytest.mark.parametrize("variable", RETENTIONS)
@pytest.mark.parametrize(
    "text", ["0", "-1", "1.5", "a week", "3651", "99999", "9" * 5000, "٣", " "]
)
def test_a_retention_that_is_none_is_named(variable: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"^{variable} is not"):
        read_settings({variable: text})


@pytest.mark.parametrize(
    ("kind", "ahead"),
    [
        (None, False),
        ("", False),
        ("on-demand", False),
        ("snap-start", True),
        ("provisioned-concurrency", True),
    ],
)
def test_lambda_says_whether_anyone_waits_for_the_start(kind: str | None, ahead: bool) -> None:
    environment = {} if kind is None else {"AWS_LAMBDA_INITIALIZATION_TYPE": kind}
    assert read_settings(environment).starts_ahead is ahead
