"""OpenAPI's `requestBody` for the forms that an image arrives in.

They're written out because the routes take the bytes themselves: FastAPI knows of no route that
accepts an image in any of these forms.
"""

from typing import Any, Final

from api.inputs import BATCH_FIELD, IMAGE_FIELDS, JSON_FIELD, MAX_IMAGES

# A seven of 20×20 pixels: short enough to read past.
_PNG: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAABQAAAAUAQAAAACl8iCgAAAAPUlEQVR42jXMuxFAQBhG0bPfCIQ6oP8qlKKENSMR"
    "mF+wxPfRyhkEuSNodT3RxSQOMQ9uF4vfV2uP7WvG5wU0UgzJaHJ44gAAAABJRU5ErkJggg=="
)
_DATA_URL: Final = f"data:image/png;base64,{_PNG}"

_BINARY: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}


def _form(*fields: str, description: str) -> dict[str, Any]:
    binary = {"type": "string", "format": "binary", "description": description}
    schema = {"type": "object", "properties": dict.fromkeys(fields, binary)}
    if len(fields) == 1:
        schema["required"] = list(fields)
    return {"schema": schema}


_JSON: Final[dict[str, Any]] = {
    "schema": {
        "title": "ImageInJson",
        "type": "object",
        "required": [JSON_FIELD],
        "properties": {
            JSON_FIELD: {"type": "string", "description": "A data URL, or bare base64."}
        },
    },
    "examples": {
        "data URL": {"value": {JSON_FIELD: _DATA_URL}},
        "base64": {"value": {JSON_FIELD: _PNG}},
    },
}
_TEXT: Final[dict[str, Any]] = {
    "schema": {"type": "string", "description": "A data URL."},
    "example": _DATA_URL,
}

ANY_FORM: Final[dict[str, Any]] = {
    "required": True,
    "description": "A PNG, JPEG, WebP, GIF or BMP image of up to 4 MiB, in any of these forms. "
    "The bytes decide which it is, whatever type is declared.",
    "content": {
        "multipart/form-data": _form(
            *IMAGE_FIELDS, description="The image; any one of these fields will do."
        ),
        "image/png": _BINARY,
        "image/jpeg": _BINARY,
        "image/webp": _BINARY,
        "image/gif": _BINARY,
        "image/bmp": _BINARY,
        "application/octet-stream": _BINARY,
        "application/json": _JSON,
        "text/plain": _TEXT,
    },
}

FILE_FORM: Final[dict[str, Any]] = {
    "required": True,
    "content": {"multipart/form-data": _form("file", description="The image.")},
}

PREDICT_FORM: Final[dict[str, Any]] = {
    "required": True,
    "description": "A form with a field `file` (answered with JSON) or `img` (with the bare "
    "digit), or a data URL as the whole body (with the bare digit). The URL may be declared as "
    "`application/x-www-form-urlencoded`, as `curl -d` does, but is not encoded as such.",
    "content": {
        "multipart/form-data": _form("file", "img", description="The image."),
        # And `application/x-www-form-urlencoded`, which is not named here: a client made from this
        # would encode the URL.
        "text/plain": _TEXT,
    },
}

JSON_FORM: Final[dict[str, Any]] = {
    "required": True,
    "description": "Other names than this one are ignored.",
    "content": {"application/json": _JSON},
}

BATCH_FORM: Final[dict[str, Any]] = {
    "required": True,
    "description": f"At most {MAX_IMAGES} PNG, JPEG, WebP, GIF or BMP images, together as large as "
    "one image may be.",
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [IMAGE_FIELDS[0]],
                "properties": {
                    IMAGE_FIELDS[0]: {
                        "type": "array",
                        "items": {"type": "string", "format": "binary"},
                        "minItems": 1,
                        "maxItems": MAX_IMAGES,
                        "description": "The images. Files under any other name will do too.",
                    }
                },
            }
        },
        "application/json": {
            "schema": {
                "type": "object",
                "required": [BATCH_FIELD],
                "properties": {
                    BATCH_FIELD: {
                        "type": "array",
                        "items": {"type": "string", "description": "A data URL, or bare base64."},
                        "minItems": 1,
                        "maxItems": MAX_IMAGES,
                    }
                },
            },
            "example": {BATCH_FIELD: [_DATA_URL, _PNG]},
        },
    },
}
