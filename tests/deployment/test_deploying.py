"""`make deploy` as a process: sam itself, moto's cloud, and the page and API that are then tested.

The stack is the small one: moto does not do what SAM's resources become in CloudFormation.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from deployment.account import open_account
from deployment.deploying import finish
from deployment.errors import SmokeTestFailed
from deployment.page import list_page_files
from deployment.rollback import Rollback
from deployment.stack import require_stack
from tests.contract.transports import start_function
from tests.deployment.desk import (
    Desk,
    create_distribution,
    create_stack,
    list_invalidations,
    make_desk,
    write_build,
)
from tests.deployment.live_edge import BucketEdge
from tests.edge.distribution import Distribution
from tests.serving import serve_application
from tests.stack.cloud import REGION, Cloud
from tests.stack.conftest import STACK_PYTHON, find_free_port

pytestmark = pytest.mark.slow

PACKAGES: Final = "packages"


@pytest.fixture(scope="module")
def live(
    distribution: Distribution, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, BucketEdge]]:
    """The distribution, played before whatever bucket it is given."""
    log = tmp_path_factory.mktemp("function") / "log"
    with start_function({**cloud.account, **cloud.names}, log) as function:
        edge = BucketEdge(distribution, function, cloud)
        with serve_application(edge) as origin:
            yield f"{origin}/", edge


@pytest.fixture
def sam_desk(cloud: Cloud, stack_environment: dict[str, str]) -> Desk:
    """In sam's own environment, as make runs it. moto can't make sam's bucket: it has another."""
    del stack_environment
    cloud.connect("s3").create_bucket(
        Bucket=PACKAGES, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    # By this name moto knows its own address, in that of the template which sam uploads.
    endpoint = cloud.endpoint.replace("127.0.0.1", "localhost")
    return make_desk(replace(cloud, endpoint=endpoint), str(STACK_PYTHON))


def test_stack_is_deployed_its_page_published_and_tested(
    sam_desk: Desk, stack: str, live: tuple[str, BucketEdge], tmp_path: Path
) -> None:
    address, edge = live
    edge.distribution_id = create_distribution(sam_desk.cloud, "site")
    outputs = {"PageAddress": address, "DistributionId": edge.distribution_id}
    # moto forgets to make outputs of what sam's change sets say: so it has had them before.
    edge.bucket = create_stack(sam_desk.cloud, stack, **outputs)["SiteBucket"]
    folder = write_build(tmp_path, **outputs)
    options = ["deploy", "--stack", stack, "--confirm", "no", "--packages", PACKAGES]
    options += ["--built", str(folder)]
    status, out, err = sam_desk.run(*options)
    assert (status, "Traceback" in err) == (0, False), out + err
    assert "Successfully created/updated stack" in out
    assert f"Page: {len(list_page_files())} files, {len(list_page_files())} new" in out
    assert "ok      a digit: examples/7.jpg is a 7, kept and removed again" in out
    assert f"Inkling is at {address}" in out
    # What the edge keeps is not what is in the bucket, until it is told.
    sam_desk.cloud.connect("s3").put_object(
        Bucket=edge.bucket, Key="js/pad.js", Body=b"a slip", CacheControl="no-cache"
    )
    status, out, err = sam_desk.run(*options)
    assert status == 0, out + err
    assert "0 new, 1 changed, 0 to be removed" in out
    # It was not this command that changed the bucket: what else did, nobody knows.
    assert list_invalidations(sam_desk.cloud, edge.distribution_id) == [["/*"], ["/*"]]


def test_package_for_another_processor_is_not_deployed(
    desk: Desk, stack: str, tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(
        "Resources:\n  F:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {Architectures: [x86_64]}\n"
    )
    options = ["--stack", stack, "--confirm", "no", "--built", str(tmp_path)]
    status, _, err = desk.run("deploy", *options, "--parameters", "Architecture=arm64")
    assert (status, "was not built by make build for arm64" in err) == (1, True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "Nobody is here to be asked: CONFIRM=no deploys without asking"),
        (["--confirm", "no", "--parameters", "Memory=1"], "There is no parameter Memory."),
        (
            ["--confirm", "no", "--parameters", "MemorySize=1"],
            "MemorySize is at least 1024, not 1.",
        ),
    ],
)
def test_nothing_is_built_or_deployed_for_what_cant_be(
    desk: Desk, stack: str, options: list[str], sentence: str
) -> None:
    status, out, err = desk.run("deploy", "--stack", stack, *options)
    assert (status, err.startswith(sentence)) == (1, True), err
    assert "Building" not in out


@pytest.fixture
def nowhere(desk: Desk) -> Desk:
    """A shell that names no region."""
    regions = {"AWS_REGION", "AWS_DEFAULT_REGION"}
    kept = {name: value for name, value in desk.environment.items() if name not in regions}
    return replace(desk, environment=kept)


def test_who_names_no_region_is_asked_and_told_where_it_goes(nowhere: Desk, stack: str) -> None:
    options = ["deploy", "--stack", stack, "--parameters", "Memory=1"]
    status, out, err = nowhere.type("Ireland\neu-west-1\n", *options)
    assert status == 1
    assert "'Ireland' is no region of AWS's." in out
    assert f"Stack {stack} in eu-west-1, account 123456789012." in out
    assert err.startswith("There is no parameter Memory.")


def test_end_of_what_is_typed_is_an_end(nowhere: Desk, stack: str) -> None:
    status, out, err = nowhere.type("\x04", "deploy", "--stack", stack)
    assert (status, "Traceback" in err, "Stack" in out) == (130, False, False)


def test_no_region_and_nobody_to_ask_is_an_error(nowhere: Desk, stack: str) -> None:
    status, out, err = nowhere.run("deploy", "--stack", stack, "--confirm", "no")
    assert (status, "Stack" in out) == (1, False)
    assert err.startswith("You must specify a region. Set AWS_PROFILE and AWS_REGION")


def test_name_that_is_too_long_is_told_before_anything_is_built(desk: Desk) -> None:
    status, out, err = desk.run("deploy", "--stack", "a" * 48, "--confirm", "no")
    assert (status, "Building" in out) == (1, False)
    assert " by 1: it may have 47 characters" in err


def test_stack_whose_name_nobody_has_made_is_tested_by_the_distributions_own(
    cloud: Cloud, stack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By TLS, as CloudFront has it: nobody listens there now, which is what is told."""
    for name, value in cloud.account.items():
        monkeypatch.setenv(name, value)
    own = f"127.0.0.1:{find_free_port()}"
    create_stack(cloud, stack, PageAddress="https://digits.invalid/", DistributionDomain=own)
    deployed = require_stack(cloud.connect("cloudformation"), stack)
    told = list[str]()
    with pytest.raises(SmokeTestFailed, match=f"^GET https://{own}/api/health: .*refused"):
        finish(open_account(), deployed, Rollback(stack, REGION, None, None, None), told.append, 0)
    assert told[-1] == f"Testing https://{own}/"
