from datetime import UTC, datetime

import pytest

from deployment.errors import UnknownStack
from deployment.place import Place, find_place
from deployment.stack import Stack

OWN = "d111111abcdef8.cloudfront.net"


def stack(parameters: dict[str, str] | None = None, **outputs: str) -> Stack:
    now = datetime.now(UTC)
    return Stack("mine", "arn:mine", "UPDATE_COMPLETE", None, now, False, parameters or {}, outputs)


def test_page_is_asked_for_by_its_own_name() -> None:
    known = stack(PageAddress="https://localhost/", DistributionDomain=OWN)
    assert find_place(known) == Place("https://localhost/", edge=True)


def test_distribution_stands_in_for_a_name_that_is_in_no_dns() -> None:
    place = find_place(stack(PageAddress="https://digits.invalid/", DistributionDomain=OWN))
    assert (place.address, place.edge) == (f"https://{OWN}/", True)
    assert place.advice is not None
    assert f"make a CNAME from digits.invalid to {OWN} " in place.advice


def test_nobody_is_sent_to_make_a_record_that_the_stack_has_made() -> None:
    outputs = {"PageAddress": "https://digits.invalid/", "DistributionDomain": OWN}
    place = find_place(stack({"HostedZoneId": "Z1"}, **outputs))
    assert place.address == f"https://{OWN}/"
    assert place.advice == (
        "digits.invalid has its record, but the DNS here does not know of it yet: wait a little."
    )


def test_stack_of_before_has_its_page_alone() -> None:
    place = find_place(stack(PageAddress="https://digits.invalid/"))
    assert place == Place("https://digits.invalid/", edge=True)


def test_distributions_own_name_has_no_other_that_could_stand_in() -> None:
    name = "none.invalid"
    place = find_place(stack(PageAddress=f"https://{name}/", DistributionDomain=name))
    assert place == Place(f"https://{name}/", edge=True)


def test_stack_without_a_distribution_answers_by_its_api() -> None:
    assert find_place(stack(Address="https://api/v1/")) == Place("https://api/v1/", edge=False)
    with pytest.raises(UnknownStack, match="deploy this version first"):
        find_place(stack())
