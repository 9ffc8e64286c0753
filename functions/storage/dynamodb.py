"""`DynamoRecords`: records in one DynamoDB table.

The table's partition key is `day` (a string, `2026-02-03`, of the id's own time), its sort key `id`
(a string). `expires`, in seconds since 1970, is its time-to-live attribute: DynamoDB removes what
has expired within some days, and until then nothing here shows it.

An id tells its day, so that a record is found by its id without an index; a day's records lie in
the order of their time, so that listing them is a query for each day, without a scan.
"""

import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Final
from zlib import crc32

from storage.ids import created_at, is_id, lowest_id
from storage.items import (
    Item,
    read_living,
    read_record,
    write_item,
    write_key,
    write_label,
    write_seconds,
)
from storage.records import (
    PENDING,
    RETENTION,
    FinishedRecord,
    Label,
    Page,
    PendingUpload,
    RecognitionRecord,
    Record,
    require_cursor,
)
from storage.service import CLIENT_OPTIONS, Service

_REFUSED: Final = "ConditionalCheckFailedException"
_CLOCK_SKEW: Final = timedelta(minutes=1)
"""How far the clock of another function may be ahead, and a record's id with it."""
_LIST_SECONDS: Final = 0.4
"""After this, a page ends where it is: one more query would fit into a second, two might not."""
_QUERY_ITEMS: Final = 1000
"""Read by one query at most: half a megabyte, some 50 ms."""


class DynamoRecords:
    """Records in a table that exists. Its client is made at the first call.

    The function's role needs GetItem, PutItem, UpdateItem, DeleteItem and Query on the table.
    """

    def __init__(
        self,
        table: str,
        retention: timedelta = RETENTION,
        client_options: Mapping[str, Any] = CLIENT_OPTIONS,
    ) -> None:
        """
        Args:
            table: its name.
            retention: how far back records are listed: how old the oldest may be that is kept.
            client_options: how long to wait: `CLIENT_OPTIONS` or `PATIENT_OPTIONS`.
        """
        self._table = table
        self._retention = retention
        self._service = Service(f"The table {table}", partial(_make_client, client_options))

    def open(self) -> None:
        """Make the client now, and let no later call take as long. Raises StorageUnavailable."""
        self._service.open()

    def put(self, record: Record) -> None:
        self._call("put_item", Item=write_item(record))

    def add(self, record: Record) -> bool:
        return self._put_if(
            "attribute_not_exists(id) OR expires <= :now",
            record,
            {":now": write_seconds(time.time())},
        )

    def settle(self, record: FinishedRecord) -> bool:
        return self._put_if(
            "outcome = :pending AND expires > :now",
            record,
            {":now": write_seconds(time.time()), ":pending": {"S": PENDING}},
        )

    def get(self, record_id: str) -> Record | None:
        if not is_id(record_id):
            return None
        response = self._call("get_item", Key=write_key(record_id), ConsistentRead=True)
        return read_living(response.get("Item"))

    def delete(self, record_id: str) -> Record | None:
        if not is_id(record_id):
            return None
        response = self._call("delete_item", Key=write_key(record_id), ReturnValues="ALL_OLD")
        return read_living(response.get("Attributes"))

    def label(self, record_id: str, label: Label) -> RecognitionRecord | None:
        if not is_id(record_id):
            return None
        response = self._call(
            "update_item",
            answers={_REFUSED},
            Key=write_key(record_id),
            UpdateExpression="SET #label = :label, trusted = :trusted, labelled_at = :labelled_at",
            # The first tells a recognition. Without it, an update makes the item that it doesn't
            # find, too.
            ConditionExpression="attribute_exists(scores) AND expires > :now AND "
            "(attribute_not_exists(#label) OR #label <> :label"
            + (" OR trusted <> :trusted)" if label.trusted else ")"),
            ExpressionAttributeNames={"#label": "label"},
            ExpressionAttributeValues={
                **{f":{name}": value for name, value in write_label(label).items()},
                ":now": write_seconds(time.time()),
            },
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        # Refused, and there: it has this digit, and as much trust.
        record = read_living(response.get("Item" if "Error" in response else "Attributes"))
        return record if isinstance(record, RecognitionRecord) else None

    def list(self, limit: int, after: str | None = None, labelled: bool = False) -> Page:
        require_cursor(after)
        began, now = time.monotonic(), datetime.now(UTC)
        # What is at this position or above it has been seen.
        position = lowest_id(now + _CLOCK_SKEW)
        if after is not None:
            position = min(position, after)
        day, first_day = _day_below(position), (now - self._retention).date()
        found: list[FinishedRecord] = []
        while day >= first_day:
            response = self._query(
                day, position, _QUERY_ITEMS if labelled else limit - len(found), labelled
            )
            for item in response["Items"]:
                record = read_record(item)
                assert not isinstance(record, PendingUpload)
                found.append(record)
            if "LastEvaluatedKey" in response:
                position = response["LastEvaluatedKey"]["id"]["S"]
            else:
                position = lowest_id(datetime.combine(day, datetime.min.time(), UTC))
                day -= timedelta(days=1)
            if len(found) >= limit:
                return Page(tuple(found[:limit]), found[limit - 1].id)
            if time.monotonic() - began > _LIST_SECONDS:
                return Page(tuple(found), position)
        return Page(tuple(found), None)

    def _put_if(self, condition: str, record: Record, values: Item) -> bool:
        response = self._call(
            "put_item",
            answers={_REFUSED},
            Item=write_item(record),
            ConditionExpression=condition,
            ExpressionAttributeValues=values,
        )
        return "Error" not in response

    def _query(self, day: date, below: str, limit: int, labelled: bool) -> dict[str, Any]:
        """A day's records below an id, from the newest; `limit` counts those left out too."""
        return self._call(
            "query",
            KeyConditionExpression="#day = :day AND id < :below",
            FilterExpression="expires > :now AND outcome <> :pending"
            + (" AND attribute_exists(#label)" if labelled else ""),
            ExpressionAttributeNames={"#day": "day", **({"#label": "label"} if labelled else {})},
            ExpressionAttributeValues={
                ":day": {"S": day.isoformat()},
                ":below": {"S": below},
                ":now": write_seconds(time.time()),
                ":pending": {"S": PENDING},
            },
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self._service.call(operation, TableName=self._table, **parameters)


def _day_below(position: str) -> date:
    """The day of the highest id that may be below a position: below a day's first, the day before.

    Without that, a page that ended with a day would begin with the same day, which may be all that
    there is time for.
    """
    moment = created_at(position)
    if position <= lowest_id(moment):
        moment -= timedelta(milliseconds=1)
    return moment.date()


def _make_client(options: Mapping[str, Any]) -> Any:
    import boto3  # noqa: PLC0415 - see Service
    from botocore.config import Config  # noqa: PLC0415

    client = boto3.client("dynamodb", config=Config(**options))
    client.meta.events.register("after-call.dynamodb", _check_response)
    return client


class _DamagedResponse(Exception):
    """A response that is not what DynamoDB sent."""


def _check_response(http_response: Any, **_: Any) -> None:
    """Raises _DamagedResponse. Botocore takes what broke off for empty, and so for no record."""
    if http_response.status_code < 300:
        checksum = http_response.headers.get("x-amz-crc32")
        if checksum != str(crc32(http_response.content)):
            raise _DamagedResponse
