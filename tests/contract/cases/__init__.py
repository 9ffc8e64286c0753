"""Every route of the contract, in every form: what is asked, and what must be answered."""

from typing import Final

from tests.contract.cases.batch import BATCH
from tests.contract.cases.compatible import COMPATIBLE
from tests.contract.cases.forms import FORMS
from tests.contract.cases.pages import PAGES
from tests.contract.cases.problems import PROBLEMS
from tests.contract.cases.records import RECORDS
from tests.contract.cases.uploads import UPLOADS
from tests.contract.expectations import Case

CASES: Final[tuple[Case, ...]] = (
    *PAGES,
    *FORMS,
    *BATCH,
    *COMPATIBLE,
    *RECORDS,
    *UPLOADS,
    *PROBLEMS,
)
