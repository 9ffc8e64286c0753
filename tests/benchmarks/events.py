"""The events that Lambda hands over, with the pictures in them."""

import base64
import json
from typing import Any, Final

from tests.benchmarks.pictures import (
    Picture,
    draw_canvas,
    draw_grey,
    take_photo,
    write_data_url,
)

Event = dict[str, Any]

GREY: Final = "grey PNG"
CANVAS: Final = "canvas PNG"
PHOTO: Final = "photo JPEG"
BOUNDARY: Final = "inkling-bench-boundary"
BUCKET: Final = "inkling-uploads"
UPLOADED: Final = "scans/3.png"


def make_events(json_path: str = "/api/recognitions") -> dict[str, Event]:
    """The three requests that are timed, as API Gateway has them. Nothing of them is to be kept.

    Args:
        json_path: where the program takes JSON, if that isn't where it takes forms.
    """
    body = json.dumps({"image": write_data_url(draw_canvas())}).encode()
    return {
        GREY: post_form(draw_grey()),
        CANVAS: post(json_path, body, "application/json"),
        PHOTO: post_form(take_photo()),
    }


def post_form(picture: Picture) -> Event:
    name = f"digit.{picture.media_type.partition('/')[2]}"
    head = (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {picture.media_type}\r\n\r\n"
    )
    body = head.encode() + picture.content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return post("/api/recognitions", body, f"multipart/form-data; boundary={BOUNDARY}")


def post(path: str, body: bytes, media_type: str) -> Event:
    """API Gateway encodes what is binary and hands over the rest as text."""
    binary = not media_type.startswith("application/json")
    event = request("POST", path, {"Content-Type": media_type})
    event["body"] = base64.b64encode(body).decode() if binary else body.decode()
    event["isBase64Encoded"] = binary
    event["queryStringParameters"] = {"store": "false"}
    event["multiValueQueryStringParameters"] = {"store": ["false"]}
    return event


def keep(event: Event) -> Event:
    """The same, to be kept."""
    nothing: Event = {"queryStringParameters": None, "multiValueQueryStringParameters": None}
    return event | nothing


def read_body(event: Event) -> bytes:
    body: str = event["body"]
    return base64.b64decode(body) if event["isBase64Encoded"] else body.encode()


def request(method: str, path: str, headers: dict[str, str] | None = None) -> Event:
    all_headers = {"Accept": "*/*", "Host": "digits.example", **(headers or {})}
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": all_headers,
        "multiValueHeaders": {name: [value] for name, value in all_headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "httpMethod": method,
            "path": path,
            "resourcePath": "/{proxy+}",
            "stage": "v1",
            "requestId": "8f5e1f2c-0000-4000-8000-000000000001",
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "bench"},
        },
        "body": None,
        "isBase64Encoded": False,
    }


def announce_upload() -> Event:
    """A batch of the queue's with one message: that an image came into the bucket."""
    told = {
        "version": "0",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "region": "eu-west-1",
        "detail": {
            "bucket": {"name": BUCKET},
            "object": {
                "key": UPLOADED,
                "size": len(draw_grey().content),
                "version-id": "L4kqtJlcpXroDTDmpUMLUo",
                "sequencer": "617f08299329d189",
            },
            "reason": "PutObject",
        },
    }
    message = {
        "messageId": "059f36b4-87a3-44ab-83d2-661970000000",
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
        "body": json.dumps(told),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:inkling-Queue",
        "awsRegion": "eu-west-1",
    }
    return {"Records": [message]}
