"""The predictor's floor: from bucket to record and result, by the shortest way.

The same calls of AWS for the same image, by clients as boto3 makes them, without a look at what
went wrong, what came twice or what came late.
"""

import json
from typing import Any, Final

import boto3

from .floor import recognize

_s3: Final = boto3.client("s3")
_table: Final = boto3.client("dynamodb")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    for message in event["Records"]:
        detail = json.loads(message["body"])["detail"]
        bucket, key = detail["bucket"]["name"], detail["object"]["key"]
        scores = recognize(_s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        digit = int(scores.argmax())
        _table.put_item(
            TableName="inkling-records",
            Item={"day": {"S": "2026-02-03"}, "id": {"S": key}, "digit": {"N": str(digit)}},
        )
        result = json.dumps({"key": key, "digit": digit, "scores": scores.tolist()})
        _s3.put_object(Bucket="inkling-results", Key=f"results/{key}.json", Body=result)
    return {"batchItemFailures": []}
