import json
import re
from datetime import timedelta
from typing import Any

import pytest

from api.errors import SettingsError
from api.settings import read_settings
from storage.records import RETENTION
from tests.stack.conftest import LAMBDA_PYTHON, PROJECT, Resources
from tests.stack.resources import of_type

pytestmark = pytest.mark.slow


def test_api_function_finds_all_its_stores(expanded: Resources) -> None:
    variables = expanded["ApiFunction"]["Properties"]["Environment"]["Variables"]
    assert {name: value for name, value in variables.items() if "Ref" in value} == {
        "INKLING_RECORDS_TABLE": {"Ref": "Records"},
        "INKLING_IMAGES_BUCKET": {"Ref": "Images"},
        "INKLING_UPLOADS_BUCKET": {"Ref": "Uploads"},
        "INKLING_RESULTS_BUCKET": {"Ref": "Results"},
        "INKLING_RETENTION_DAYS": {"Ref": "RetentionInDays"},
        "INKLING_UPLOAD_RETENTION_DAYS": {"Ref": "UploadRetentionInDays"},
        "INKLING_API_KEY_SHA256": {"Ref": "ApiKeySha256"},
    }


def test_functions_run_on_the_python_that_the_package_is_built_for(expanded: Resources) -> None:
    functions = of_type(expanded, "AWS::Lambda::Function")
    assert functions
    for function in functions:
        assert function["Runtime"] == f"python{LAMBDA_PYTHON}"
        assert function["Architectures"] == [{"Ref": "Architecture"}]


def test_arm64_is_the_default(documents: dict[str, dict[str, Any]]) -> None:
    assert documents["template"]["Parameters"]["Architecture"]["Default"] == "arm64"


def test_every_log_ends(expanded: Resources) -> None:
    groups = of_type(expanded, "AWS::Logs::LogGroup")
    functions = of_type(expanded, "AWS::Lambda::Function")
    assert len(groups) > len(functions)
    assert all("RetentionInDays" in group for group in groups)
    assert all("LogGroup" in function["LoggingConfig"] for function in functions)


def test_memory_is_enough_for_the_largest_image(documents: dict[str, dict[str, Any]]) -> None:
    memory = documents["template"]["Parameters"]["MemorySize"]
    assert memory["MinValue"] >= 1024  # a WebP of 25 megapixels takes 572 MB
    assert memory["Default"] >= memory["MinValue"]


def test_function_reads_every_variable_that_the_template_gives_it(expanded: Resources) -> None:
    source = (PROJECT / "functions/api/settings.py").read_text()
    read = set(re.findall(r'"(INKLING_[A-Z0-9_]+)"', source))
    given = expanded["ApiFunction"]["Properties"]["Environment"]["Variables"]
    assert {name for name in given if name.startswith("INKLING_")} == read - {"INKLING_PAGE"}
    assert given["INKLING_RECORDS_TABLE"] == {"Ref": "Records"}
    assert given["INKLING_IMAGES_BUCKET"] == {"Ref": "Images"}


def test_under_sam_local_the_function_has_no_store_by_the_templates_names(
    expanded: Resources,
) -> None:
    """It would ask the cloud for a bucket called Uploads."""
    given = expanded["ApiFunction"]["Properties"]["Environment"]["Variables"]
    resources = [{"Ref": name} for name in expanded]
    stores = {name for name, value in given.items() if value in resources}
    without = json.loads((PROJECT / "lambda_package/without-stores.json").read_text())
    assert without == {"ApiFunction": dict.fromkeys(stores, "")}


def test_what_settings_accept_is_what_parameters_accept(
    documents: dict[str, dict[str, Any]],
) -> None:
    parameters = documents["template"]["Parameters"]
    digest = "0123456789abcdef" * 4
    keys = parameters["ApiKeySha256"]
    assert keys["NoEcho"] is True
    for text in ("", digest, f"{digest},{digest}"):
        assert re.fullmatch(keys["AllowedPattern"], text)
        read_settings({"INKLING_API_KEY_SHA256": text})
    for text in ("a key", digest[1:], f"{digest},"):
        assert not re.fullmatch(keys["AllowedPattern"], text)
    days = parameters["RetentionInDays"]
    assert timedelta(days=days["Default"]) == RETENTION
    for bound in ("MinValue", "MaxValue"):
        read_settings({"INKLING_RETENTION_DAYS": str(days[bound])})
    with pytest.raises(SettingsError):
        read_settings({"INKLING_RETENTION_DAYS": str(days["MaxValue"] + 1)})
