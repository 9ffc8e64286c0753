"""The floor: decode, resize, invoke, and nothing around them. As fast as such a function can be.

It takes what it's sent for what it should be, and knows no ink: the picture as it is, made small.
"""

import base64
import io
import json
import os
from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from PIL import Image

_MODEL: Final = os.path.join(os.path.dirname(__file__), "digits.tflite")  # noqa: PTH118, PTH120
_interpreter: Final = Interpreter(model_path=_MODEL, num_threads=1)
_interpreter.allocate_tensors()
_input: Final = _interpreter.get_input_details()[0]
_output: Final = _interpreter.get_output_details()[0]


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    scores = recognize(find_image(event))
    answer = {"digit": int(scores.argmax()), "scores": scores.tolist()}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(answer),
    }


def find_image(event: dict[str, Any]) -> bytes:
    if not event["isBase64Encoded"]:
        return base64.b64decode(json.loads(event["body"])["image"].partition(",")[2])
    body = base64.b64decode(event["body"])
    return body.partition(b"\r\n\r\n")[2].rpartition(b"\r\n--")[0]


def recognize(data: bytes) -> NDArray[np.float32]:
    """float32 (10,): probabilities of the digits."""
    image: Image.Image = Image.open(io.BytesIO(data))
    if image.mode == "RGBA":
        paper = Image.new("L", image.size, 255)
        paper.paste(image.convert("L"), mask=image.getchannel("A"))
        image = paper
    small = image.convert("L").resize((28, 28), Image.Resampling.BOX)
    pixels = 1 - np.asarray(small, dtype=np.float32) / 255
    scale, zero_point = _input["quantization"]
    tensor = np.clip(np.rint(pixels / scale) + zero_point, -128, 127).astype(np.int8)
    _interpreter.set_tensor(_input["index"], tensor.reshape(1, 28, 28, 1))
    _interpreter.invoke()
    scale, zero_point = _output["quantization"]
    output = _interpreter.get_tensor(_output["index"])[0, :10]
    powers = np.exp((output.astype(np.float32) - zero_point) * np.float32(scale))
    scores: NDArray[np.float32] = powers / powers.sum()
    return scores
