import _imp
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from lambda_package.bytecode import READ_THEMSELVES
from lambda_package.errors import PackageError
from lambda_package.slimming import (
    BOTOCORE_DATA,
    LITERT_FILES,
    PILLOW_PLUGINS,
    UNUSED,
    UNUSED_BY_WEB,
    UNUSED_OF_AWS,
    slim,
)
from lambda_package.wheels import platform_tags
from tests.conftest import DrawDigit
from tests.stack.conftest import (
    CFN_LINT,
    HOST_ARCHITECTURE,
    LAMBDA_PYTHON,
    PROJECT,
    SAM,
    STACK_PYTHON,
    expand,
    make_build,
    run_tool,
)

UNCHECKED_HASH: Final = 0b01
"""The flags of bytecode that is taken without a look at its source (PEP 552)."""

MACHINE_OF_ELF: Final = {"x86_64": 0x3E, "arm64": 0xB7}
"""Bytes 18 and 19 of a shared library: EM_X86_64 and EM_AARCH64."""

READ_ONE_IMAGE: Final = """
import base64, importlib, json, sys
image, package = sys.argv[1:]
sys.path.insert(0, package)
handler = importlib.import_module("api.handler").handler
answer = handler({
    "httpMethod": "POST", "path": "/api/recognitions", "resource": "/{proxy+}",
    "headers": {"Content-Type": "image/png", "Host": "localhost"},
    "queryStringParameters": {"store": "false"}, "requestContext": {},
    "body": base64.b64encode(open(image, "rb").read()).decode(), "isBase64Encoded": True,
}, None)
ours = [m for m in sys.modules.values() if str(getattr(m, "__file__", "")).startswith(package)]
print(json.dumps({
    "answer": answer,
    "bytecode": [m.__cached__ for m in ours if hasattr(m, "__cached__")],
}))
"""


WRITE_MAGIC: Final = """
import importlib.util, sys
sys.stdout.buffer.write(importlib.util.MAGIC_NUMBER)
"""

ZIP_AS_SAM_DOES: Final = """
import sys
from samcli.lib.package.utils import make_zip_with_lambda_permissions
make_zip_with_lambda_permissions(*sys.argv[1:])
"""


def test_wheels_for_lambdas_glibc_and_older_ones_are_taken() -> None:
    tags = platform_tags("arm64")
    assert tags[0] == "manylinux_2_34_aarch64"
    assert {"manylinux_2_28_aarch64", "manylinux2014_aarch64"} < set(tags)
    assert all(tag.endswith("_x86_64") for tag in platform_tags("x86_64"))


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder with a file for everything that slimming looks for, and one more."""
    for name in LITERT_FILES:
        write(tmp_path / "ai_edge_litert" / name)
    for name in BOTOCORE_DATA:
        write(tmp_path / "botocore/data" / name)
    for name in PILLOW_PLUGINS:
        write(tmp_path / "PIL" / name)
    for pattern in (*UNUSED, *UNUSED_OF_AWS, *UNUSED_BY_WEB):
        write(tmp_path / pattern.replace("**", "some").replace("*", "x"))
    write(tmp_path / "ai_edge_litert/vendors/other.so")
    write(tmp_path / "PIL/SunImagePlugin.py")
    write(tmp_path / "botocore/data/ec2/2016-11-15/service-2.json.gz")
    write(tmp_path / "numpy/__init__.py")
    return tmp_path


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")


def test_slimming_leaves_what_is_opened(wheels: Path) -> None:
    slim(wheels, web=True)
    left = {str(path.relative_to(wheels)) for path in wheels.rglob("*") if path.is_file()}
    assert left == {
        "numpy/__init__.py",
        *(f"ai_edge_litert/{name}" for name in LITERT_FILES),
        *(f"PIL/{name}" for name in PILLOW_PLUGINS),
        *(f"botocore/data/{name}" for name in BOTOCORE_DATA),
    }


@pytest.mark.parametrize(
    "gone",
    ["PIL/PngImagePlugin.py", "ai_edge_litert/interpreter.py", "PIL/_avif.x", "botocore/data/s3"],
)
def test_slimming_refuses_wheels_that_it_does_not_know(wheels: Path, gone: str) -> None:
    (wheels / gone).unlink()
    with pytest.raises(PackageError):
        slim(wheels, web=True)


def test_slimming_asks_for_no_web_framework_where_there_is_none(wheels: Path) -> None:
    shutil.rmtree(wheels / "pydantic")
    slim(wheels, web=False)


def test_slimming_asks_for_no_boto3_where_there_is_none(wheels: Path) -> None:
    """As in the container of the local server."""
    shutil.rmtree(wheels / "boto3")
    shutil.rmtree(wheels / "botocore")
    slim(wheels, web=True, aws=False)


@pytest.fixture
def lambda_magic(lambda_python: Path) -> bytes:
    """What the bytecode of the Lambda's Python begins with."""
    return subprocess.run(
        [lambda_python, "-c", WRITE_MAGIC], capture_output=True, check=True
    ).stdout


@pytest.mark.slow
def test_every_source_has_bytecode_that_lambda_takes_as_it_is(
    package: Path, lambda_magic: bytes
) -> None:
    key = int.from_bytes(lambda_magic, "little")
    sources = list(package.rglob("*.py"))
    assert len(sources) > 50
    tag = f"cpython-{LAMBDA_PYTHON.replace('.', '')}"
    for source in sources:
        header = (source.parent / f"__pycache__/{source.stem}.{tag}.pyc").read_bytes()[:16]
        assert header[:4] == lambda_magic, source
        assert int.from_bytes(header[4:8], "little") == UNCHECKED_HASH, source
        assert header[8:16] == _imp.source_hash(key, source.read_bytes()), source


@pytest.mark.slow
def test_others_modules_are_bytecode_alone(package: Path, lambda_magic: bytes) -> None:
    sources = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    ours = {path for path in sources if path.startswith(("api/", "recognition/", "storage/"))}
    assert sources - ours == READ_THEMSELVES
    others = [path for path in package.rglob("*.pyc") if path.parent.name != "__pycache__"]
    assert len(others) > 500
    for path in others:
        header = path.read_bytes()[:8]
        assert header[:4] == lambda_magic, path
        assert int.from_bytes(header[4:], "little") == UNCHECKED_HASH, path


@pytest.mark.slow
@pytest.mark.parametrize("function", ["ApiFunction", "Predictor"])
def test_drawings_are_read_by_what_was_compiled_for_them(
    build_folder: Path, lambda_python: Path, function: str
) -> None:
    package = build_folder / function
    program = "from recognition import drawing; assert drawing._FUNCTION is not None"
    run_tool(str(lambda_python), "-c", program, environment={"PYTHONPATH": str(package)})
    assert not list(package.rglob("*.cpp"))


@pytest.mark.slow
def test_nothing_is_imported_for_want_of_a_source(package: Path, lambda_python: Path) -> None:
    """anyio reads its own, to import what is asked for and no more."""
    program = "import anyio, anyio.abc, sys; print(*sys.modules)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(package)}
    imported = subprocess.run(
        [lambda_python, "-S", "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "anyio" in imported.stdout.split()
    assert not {"anyio._core._sockets", "anyio.streams"} & set(imported.stdout.split())


@pytest.mark.slow
def test_package_has_the_projects_own_files_and_no_strangers(package: Path) -> None:
    for folder in ("recognition", "storage", "api"):
        for source in (PROJECT / "functions" / folder).rglob("*"):
            is_compiled = source.suffix in {".cpp", ".so"} or "__pycache__" in source.parts
            if source.is_file() and not is_compiled:
                copy = package / source.relative_to(PROJECT / "functions")
                assert copy.read_bytes() == source.read_bytes()
    assert (package / "frontend/index.html").is_file()
    names = {path.name.lower() for path in package.iterdir()}
    assert not names & {"tensorflow", "keras", "uvicorn", "h11", "pip", "google", "bin"}
    assert not names & {"local_server.py", "model_export", "lambda_package", "tests"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "zipped_bound", "unpacked_bound"),
    [("ApiFunction", 19e6, 54e6), ("Predictor", 14e6, 42e6)],
)
def test_package_is_small(
    build_folder: Path, tmp_path: Path, function: str, zipped_bound: float, unpacked_bound: float
) -> None:
    """Zipped as `sam deploy` does it."""
    folder = build_folder / function
    command = [str(STACK_PYTHON), "-c", ZIP_AS_SAM_DOES, str(tmp_path / "package"), str(folder)]
    subprocess.run(command, check=True)
    zipped = (tmp_path / "package.zip").stat().st_size
    unpacked = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{function}: {zipped / 1e6:.2f} MB zipped, {unpacked / 1e6:.2f} MB unpacked")
    assert zipped <= zipped_bound
    assert unpacked <= unpacked_bound  # Lambda's limit is 262 MB


@pytest.mark.slow
def test_predictors_package_has_no_web_framework(build_folder: Path) -> None:
    other = build_folder / "Predictor"
    for folder in ("recognition", "storage", "predictor"):
        for source in (PROJECT / "functions" / folder).rglob("*.py"):
            copy = other / source.relative_to(PROJECT / "functions")
            assert copy.read_bytes() == source.read_bytes()
    names = {path.name.lower() for path in other.iterdir()}
    assert not names & {"api", "frontend", "fastapi", "starlette", "pydantic", "mangum", "psutil"}


@pytest.mark.slow
def test_package_names_nothing_of_the_machine_that_built_it(package: Path) -> None:
    paths = [package, *package.rglob("*")]
    assert {path.stat().st_mtime for path in paths} == {315532800}
    assert all(path.stat().st_mode & 0o044 == 0o044 for path in paths)
    own = [path for folder in ("recognition", "api") for path in (package / folder).rglob("*.pyc")]
    assert own
    for path in own:
        assert str(package).encode() not in path.read_bytes()
        assert b"/var/task/" in path.read_bytes()


@pytest.mark.slow
def test_package_answers_from_a_read_only_folder(
    package: Path, lambda_python: Path, draw_digit: DrawDigit, tmp_path: Path
) -> None:
    mounted = tmp_path / "task"
    shutil.copytree(package, mounted)
    for path in [*mounted.rglob("*"), mounted]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    image = tmp_path / "7.png"
    image.write_bytes(draw_digit(7))
    before = sorted(mounted.rglob("*"))
    try:
        result = subprocess.run(
            [lambda_python, "-I", "-W", "error", "-c", READ_ONE_IMAGE, image, mounted],
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert sorted(mounted.rglob("*")) == before
    finally:
        for path in [mounted, *mounted.rglob("*")]:
            path.chmod(0o755)
    printed = json.loads(result.stdout.splitlines()[-1])
    assert json.loads(printed["answer"]["body"])["digit"] == 7
    bytecode = [Path(path) for path in printed["bytecode"]]
    assert len(bytecode) > 100
    assert [path for path in bytecode if path.suffix != ".pyc" or not path.is_file()] == []


CONNECT: Final = """
import sys
sys.path.insert(0, sys.argv[1])
from storage.dynamodb import DynamoRecords
from storage.s3 import S3Images
DynamoRecords("records").open()
S3Images("images").open()
import boto3, botocore
assert boto3.__file__.startswith(sys.argv[1])
assert botocore.__file__.startswith(sys.argv[1])
"""


@pytest.mark.slow
def test_packages_own_boto3_knows_the_services_that_are_called(
    package: Path, lambda_python: Path
) -> None:
    variables = {"AWS_DEFAULT_REGION": "eu-west-1", "PATH": os.environ["PATH"]}
    command = [str(lambda_python), "-I", "-W", "error", "-c", CONNECT, str(package)]
    result = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    # What TLS is checked by: botocore takes its own list where certifi isn't installed.
    assert (package / "botocore/cacert.pem").is_file()


@pytest.mark.slow
def test_built_template_deploys_what_was_built(
    build_folder: Path, stack_environment: dict[str, str]
) -> None:
    assert_processor(build_folder, HOST_ARCHITECTURE, stack_environment)


@pytest.mark.slow
def test_package_for_another_processor_is_deployed_to_it(
    stack_environment: dict[str, str], lambda_python: Path, tmp_path: Path
) -> None:
    del lambda_python
    (other,) = MACHINE_OF_ELF.keys() - {HOST_ARCHITECTURE}
    make_build(tmp_path, stack_environment, f"ARCHITECTURE={other}")
    assert_processor(tmp_path, other, stack_environment)


@pytest.mark.slow
def test_sam_build_takes_the_processor_that_sam_deploy_takes(
    stack_environment: dict[str, str], lambda_python: Path, tmp_path: Path
) -> None:
    del lambda_python
    build = [*SAM, "build", "--build-dir", str(tmp_path)]
    subprocess.run(build, cwd=PROJECT, env=stack_environment, capture_output=True, check=True)
    assert read_machines(tmp_path) == {MACHINE_OF_ELF["arm64"]}


def assert_processor(folder: Path, architecture: str, environment: dict[str, str]) -> None:
    """A build is for one processor, and its template has no other and no choice."""
    assert read_machines(folder) == {MACHINE_OF_ELF[architecture]}
    built = expand(folder / "template.yaml", environment)["expanded"]
    assert built["Resources"]["ApiFunction"]["Properties"]["Architectures"] == [architecture]
    assert "Architecture" not in built["Parameters"]
    run_tool(*CFN_LINT, str(folder / "template.yaml"), environment=environment)


def read_machines(folder: Path) -> set[int]:
    """The processors of the libraries in a folder."""
    libraries = [path.read_bytes()[:20] for path in folder.rglob("*.so*") if path.is_file()]
    assert len(libraries) > 10
    assert all(library[:4] == b"\x7fELF" for library in libraries)
    return {int.from_bytes(library[18:20], "little") for library in libraries}


@pytest.mark.slow
def test_rehearsals_package_is_its_code_and_the_examples(build_folder: Path) -> None:
    package = build_folder / "Rehearsal"
    assert {path.name for path in package.iterdir()} == {"rehearsal", "examples"}
    assert len(list((package / "examples").glob("[0-9].jpg"))) == 10
    assert sum(path.stat().st_size for path in package.rglob("*") if path.is_file()) < 200_000
