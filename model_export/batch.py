"""`free_batch`: let a converted network take any number of pictures at once."""

from typing import Final

import numpy as np
from ai_edge_litert.schema_py_generated import BuiltinOperator, Model

_ANY: Final = -1
"""As much as the input has; TensorFlow Lite's kernel and XNNPACK's both read it so."""


def free_batch(model: bytes) -> bytes:
    """Free the pictures' number where the file fixes it to one: in the shape before the head.

    The converter writes down the flattening of one picture, and a runtime that is asked to take
    several then refuses. A network made without a fixed number does take several, but works the
    shape out anew each time, between two halves that would otherwise be one.

    Args:
        model: a TensorFlow Lite file of (1, …) to (1, …).

    Returns:
        The same file but for those four bytes: what it answers to one picture is as before.
    """
    data = bytearray(model)
    root = Model.GetRootAs(data)
    graph = root.Subgraphs(0)
    for i in range(graph.OperatorsLength()):
        operator = graph.Operators(i)
        code = root.OperatorCodes(operator.OpcodeIndex())
        if code.BuiltinCode() == BuiltinOperator.RESHAPE:
            shape = root.Buffers(graph.Tensors(operator.Inputs(1)).Buffer())
            # A view: what is written to it is written to the file.
            sizes = shape.DataAsNumpy().view(np.dtype("<i4"))
            if sizes[0] == 1:
                sizes[0] = _ANY
    return bytes(data)
