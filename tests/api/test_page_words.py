"""The page has words for every problem that a person at it can meet."""

import re
from typing import Final

from api.problems import PROBLEMS
from tests.api.conftest import PAGE

NEVER: Final = {
    "too-many-images",  # it sends one
    "batch-out-of-time",
    "invalid-label",  # it labels nothing
    "label-too-large",
    "api-key-required",  # it asks for nothing that needs one
    "invalid-cursor",
    "invalid-request",  # its parameters are its own
    "unsupported-encoding",  # it sends files as they are
    "invalid-event",  # what comes from a page is HTTP
    "access-denied",  # it sends no upload's form
    "entity-too-large",
    "entity-too-small",
}
SAID_BY_THE_API: Final = {"internal-error", "storage-unavailable", "not-found"}
"""What no one at the page can mend: it shows the answer's own `detail`."""
MET: Final = {problem.type for problem in PROBLEMS.values()} - NEVER - SAID_BY_THE_API

OF_THE_PAGE: Final = {"unreachable", "timeout"}
"""Errors that no API answered."""


def read_types(script: str) -> set[str]:
    """The types that have words in the page's table of them."""
    source = (PAGE / "js" / script).read_text(encoding="utf-8")
    table = source.partition("const PROBLEMS = {")[2].partition("\n};")[0]
    return set(re.findall(r'^  "?([a-z0-9-]+)"?: (?:\{|[A-Z_]+,)$', table, re.MULTILINE))


def test_every_problem_that_can_be_met_at_the_page_has_its_words() -> None:
    assert read_types("words.js") == MET | OF_THE_PAGE


def test_the_page_takes_no_error_for_a_type_that_is_not_there() -> None:
    source = (PAGE / "js" / "client.js").read_text(encoding="utf-8")
    named = set(re.findall(r'status === .*return "([a-z-]+)"', source))
    assert named
    assert named <= MET | OF_THE_PAGE


def test_the_exceptions_are_in_the_table() -> None:
    assert {problem.type for problem in PROBLEMS.values()} >= NEVER | SAID_BY_THE_API
