"""What the models are made of."""

from typing import Annotated

from pydantic import Field

Share = Annotated[float, Field(ge=0, le=1)]
Digit = Annotated[int, Field(ge=0, le=9)]
Scores = Annotated[list[Share], Field(min_length=10, max_length=10)]
