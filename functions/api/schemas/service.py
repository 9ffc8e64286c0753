"""What the API says of itself, as pydantic models: examples, model, health, errors."""

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.quantities import Digit


class Example(BaseModel):
    """An image of a digit to try."""

    name: str
    url: str
    digit: Digit


class Examples(BaseModel):
    examples: list[Example]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"examples": [{"name": "7", "url": "/static/test_digits/7.jpg", "digit": 7}]}
        }
    )


class ModelCard(BaseModel):
    """What is known of the model: the file's hash and size, its accuracy, how it was made."""

    version: str = Field(description="As the answers name it.")
    sha256: str
    thresholds: dict[str, float] = Field(
        description="`not_a_digit_above`: the strangeness from which there is no digit. "
        "`uncertain_below`: the confidence under which a digit is `uncertain`."
    )

    model_config = ConfigDict(extra="allow")


class Health(BaseModel):
    status: str = Field(examples=["ok"])
    model: str = Field(description="The sha256 of the model that answers.")


class SystemInfo(BaseModel):
    """How busy the machine is that answers."""

    memory: str = Field(description='In use, in whole percent; "unknown" where it can\'t be told.')
    cpu: str = Field(description="Busy since this was last asked, likewise.")

    model_config = ConfigDict(json_schema_extra={"example": {"memory": "65%", "cpu": "45%"}})


class ProblemDetails(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="A slug that stays the same.")
    title: str = Field(description="What the type says, for a person.")
    status: int = Field(description="Of the response.")
    detail: str = Field(description="What is wrong this time, for a person.")
    instance: str = Field(
        description="This one time: the request's id, as the header `X-Request-ID` and the log "
        "have it."
    )
