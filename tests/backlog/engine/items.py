"""What a distributed Map reads, and how it is put into batches."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

from tests.backlog.engine.errors import StateFailed, Unsupported, require_known
from tests.backlog.engine.paths import fill_template, read_path

Item = dict[str, Any]


def read_items(
    reader: dict[str, Any], s3: Any, data: Any, context: dict[str, Any]
) -> Iterator[Item]:
    """The items that an ItemReader names. Raises StateFailed where it can't be read."""
    require_known(reader, {"Resource", "Parameters", "ReaderConfig"}, "ItemReader")
    parameters = fill_template(reader["Parameters"], data, context)
    action = reader["Resource"].rpartition(":::")[2]
    config = reader.get("ReaderConfig")
    try:
        match action, config:
            case "s3:listObjectsV2", None:
                yield from _list_objects(s3, parameters)
            case "s3:getObject", {"InputType": "MANIFEST", **rest} if not rest:
                yield from _read_inventory(s3, parameters)
            case _:
                raise Unsupported(f"ItemReader with {action} and {config}")
    except s3.exceptions.ClientError as error:
        raise StateFailed("States.ItemReaderFailed", str(error)) from error


def _list_objects(s3: Any, parameters: dict[str, str]) -> Iterator[Item]:
    """As AWS's guide shows them: the ETag is called Etag, the time is a number of seconds."""
    for page in s3.get_paginator("list_objects_v2").paginate(**parameters):
        for entry in page.get("Contents", ()):
            yield {
                "Etag": entry["ETag"],
                "Key": entry["Key"],
                "LastModified": int(entry["LastModified"].timestamp()),
                "Size": entry["Size"],
                "StorageClass": entry.get("StorageClass", "STANDARD"),
            }


def _read_inventory(s3: Any, parameters: dict[str, str]) -> Iterator[Item]:
    """The rows of an inventory, each value the text that it is there."""
    manifest = json.loads(s3.get_object(**parameters)["Body"].read())
    if manifest["fileFormat"] != "CSV":
        raise Unsupported(f"an inventory of {manifest['fileFormat']}")
    columns = [name.strip() for name in manifest["fileSchema"].split(",")]
    bucket = manifest["destinationBucket"].rpartition(":")[2]
    for file in manifest["files"]:
        data = gzip.decompress(s3.get_object(Bucket=bucket, Key=file["key"])["Body"].read())
        for row in csv.reader(io.StringIO(data.decode(), newline="")):
            yield dict(zip(columns, row, strict=True))


def make_batches(
    batcher: dict[str, Any], items: Iterator[Item], data: Any, context: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Each batch as its execution's input."""
    known = {"MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "BatchInput"}
    require_known(batcher, known, "ItemBatcher")
    most = read_path(batcher["MaxItemsPerBatchPath"], data, context)
    most_bytes = batcher["MaxInputBytesPerBatch"]
    shared = fill_template(batcher["BatchInput"], data, context)
    batch: dict[str, Any] = {"BatchInput": shared, "Items": []}
    for item in items:
        longer = {**batch, "Items": [*batch["Items"], item]}
        if len(longer["Items"]) > most or measure(longer) > most_bytes:
            if not batch["Items"]:
                raise StateFailed("States.ItemReaderFailed", "an item is larger than a batch")
            yield batch
            longer = {**batch, "Items": [item]}
        batch = longer
    if batch["Items"]:
        yield batch


def measure(value: Any) -> int:
    """The bytes of a value as JSON in UTF-8, as Step Functions counts them."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
