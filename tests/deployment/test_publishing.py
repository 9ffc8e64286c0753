"""The page into a bucket and past the edge: what is sent, in which order, and what is forgotten."""

from dataclasses import replace
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError

from deployment.edge import MAX_PATHS, Edge, name_paths
from deployment.page import PageFile, list_page_files
from deployment.publishing import publish_page
from deployment.site import Site
from tests.deployment.desk import create_distribution, list_invalidations
from tests.stack.cloud import REGION, Cloud

pytestmark = pytest.mark.slow

PAGE: Final = list_page_files()
FILES: Final = [f for f in PAGE if f.key in {"styles.css", "js/main.js", "js/pad.js", "index.html"}]
"""Enough of it to tell."""
OTHER: Final = b"something else"


@pytest.fixture
def bucket(cloud: Cloud, stack: str) -> str:
    name = stack.replace("_", "-").lower()[:60].strip("-")
    cloud.connect("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    return name


@pytest.fixture
def distribution(cloud: Cloud, bucket: str) -> str:
    return create_distribution(cloud, bucket)


class Recorder:
    """S3's client, which notes what it is asked to change, and may break off."""

    def __init__(self, s3: Any, fails_at: str = "") -> None:
        self._s3 = s3
        self._fails_at = fails_at
        self.put: list[str] = []
        self.deleted: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._s3, name)

    def put_object(self, **options: Any) -> Any:
        if options["Key"] == self._fails_at:
            raise ClientError({"Error": {"Code": "SlowDown"}}, "PutObject")
        self.put.append(options["Key"])
        return self._s3.put_object(**options)

    def delete_objects(self, **options: Any) -> Any:
        self.deleted += [each["Key"] for each in options["Delete"]["Objects"]]
        if self._fails_at in self.deleted:
            raise ClientError({"Error": {"Code": "SlowDown"}}, "DeleteObjects")
        return self._s3.delete_objects(**options)


def publish(
    cloud: Cloud, bucket: str, distribution: str, files: list[PageFile], fails_at: str = ""
) -> Recorder:
    recorder = Recorder(cloud.connect("s3"), fails_at)
    edge = Edge(cloud.connect("cloudfront"), distribution)
    if fails_at:
        with pytest.raises(ClientError, match="SlowDown"):
            publish_page(files, Site(recorder, bucket), edge, lambda text: None)
    else:
        publish_page(files, Site(recorder, bucket), edge, lambda text: None)
    return recorder


def change(key: str, files: list[PageFile] = FILES) -> list[PageFile]:
    return [replace(file, content=OTHER) if file.key == key else file for file in files]


def read_bucket(cloud: Cloud, bucket: str) -> dict[str, tuple[bytes, str, str]]:
    s3 = cloud.connect("s3")
    found = {}
    for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
        held = s3.get_object(Bucket=bucket, Key=each["Key"])
        found[each["Key"]] = held["Body"].read(), held["ContentType"], held["CacheControl"]
    return found


def expect(cloud: Cloud, bucket: str, files: list[PageFile]) -> None:
    expected = {file.key: (file.content, file.media_type, file.caching) for file in files}
    assert read_bucket(cloud, bucket) == expected


def test_page_is_uploaded_once_with_its_types_and_caching_and_the_index_last(
    cloud: Cloud, bucket: str, distribution: str
) -> None:
    first = publish(cloud, bucket, distribution, PAGE)
    assert first.put[-1] == "index.html"
    assert sorted(first.put) == sorted(file.key for file in PAGE)
    expect(cloud, bucket, PAGE)
    again = publish(cloud, bucket, distribution, PAGE)
    assert (again.put, again.deleted) == ([], [])
    assert list_invalidations(cloud, distribution) == [["/*"]]  # nobody knew what it had before


def test_what_changed_alone_is_uploaded_and_forgotten(
    cloud: Cloud, bucket: str, distribution: str
) -> None:
    publish(cloud, bucket, distribution, FILES)
    second = publish(cloud, bucket, distribution, change("js/main.js"))
    assert second.put == ["js/main.js"]
    third = publish(cloud, bucket, distribution, FILES)
    assert third.put == ["js/main.js"]
    fourth = publish(cloud, bucket, distribution, change("index.html"))
    assert fourth.put == ["index.html"]
    paths = list_invalidations(cloud, distribution)
    assert paths[1:] == [["/js/main.js"], ["/js/main.js"], ["/", "/index.html"]]


def test_changed_caching_is_a_change(cloud: Cloud, bucket: str, distribution: str) -> None:
    publish(cloud, bucket, distribution, FILES)
    files = [replace(f, caching="no-store") if f.key == "styles.css" else f for f in FILES]
    assert publish(cloud, bucket, distribution, files).put == ["styles.css"]
    expect(cloud, bucket, files)


def test_file_that_is_no_more_goes_last_and_the_edge_forgets_it(
    cloud: Cloud, bucket: str, distribution: str
) -> None:
    old = PageFile("js/old.js", OTHER, "text/javascript; charset=utf-8", "no-cache")
    publish(cloud, bucket, distribution, [old, *FILES])
    second = publish(cloud, bucket, distribution, change("index.html"))
    assert (second.put, second.deleted) == (["index.html"], ["js/old.js"])
    expect(cloud, bucket, change("index.html"))
    assert list_invalidations(cloud, distribution)[1:] == [["/", "/index.html"], ["/js/old.js"]]


def test_upload_that_was_broken_off_is_completed_and_everything_forgotten(
    cloud: Cloud, bucket: str, distribution: str
) -> None:
    publish(cloud, bucket, distribution, FILES)
    files = change("index.html", change("js/main.js"))
    broken = publish(cloud, bucket, distribution, files, fails_at="index.html")
    assert broken.put == ["js/main.js"]
    assert len(list_invalidations(cloud, distribution)) == 1
    rest = publish(cloud, bucket, distribution, files)
    assert rest.put == ["index.html"]
    # The script changed too, and this run can't know it.
    assert list_invalidations(cloud, distribution)[1:] == [["/*"]]
    expect(cloud, bucket, files)


def test_going_back_after_a_broken_upload_has_the_edge_forget_what_it_saw_meanwhile(
    cloud: Cloud, bucket: str, distribution: str
) -> None:
    publish(cloud, bucket, distribution, FILES)
    files = change("index.html", change("js/main.js"))
    publish(cloud, bucket, distribution, files, fails_at="index.html")
    assert publish(cloud, bucket, distribution, FILES).put == ["js/main.js"]
    assert list_invalidations(cloud, distribution)[1:] == [["/*"]]


def test_invalidation_that_was_never_asked_for_is_made_up_for(
    cloud: Cloud, bucket: str, distribution: str
) -> None:
    publish(cloud, bucket, distribution, FILES)
    files = change("styles.css")
    Site(cloud.connect("s3"), bucket).upload([file for file in files if file.key == "styles.css"])
    assert publish(cloud, bucket, distribution, files).put == []
    assert list_invalidations(cloud, distribution)[1:] == [["/*"]]
    publish(cloud, bucket, distribution, files)
    assert len(list_invalidations(cloud, distribution)) == 2


def test_removal_that_was_broken_off_is_completed(
    cloud: Cloud, bucket: str, distribution: str
) -> None:
    old = PageFile("js/old.js", OTHER, "text/javascript; charset=utf-8", "no-cache")
    publish(cloud, bucket, distribution, [old, *FILES])
    publish(cloud, bucket, distribution, FILES, fails_at="js/old.js")
    publish(cloud, bucket, distribution, FILES)
    expect(cloud, bucket, FILES)
    assert list_invalidations(cloud, distribution)[1:] == [["/js/old.js"]]


def test_bucket_without_a_distribution_is_only_filled(cloud: Cloud, bucket: str) -> None:
    publish_page(FILES, Site(cloud.connect("s3"), bucket), None, lambda text: None)
    expect(cloud, bucket, FILES)


@pytest.mark.parametrize(
    ("keys", "paths"),
    [
        ([], []),
        (["index.html"], ["/", "/index.html"]),
        (["b", "a"], ["/a", "/b"]),
        ([str(i) for i in range(MAX_PATHS + 1)], ["/*"]),
    ],
)
def test_paths_are_few(keys: list[str], paths: list[str]) -> None:
    assert name_paths(keys) == paths
