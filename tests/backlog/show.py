"""`python -m tests.backlog.show 10000`: a backlog of so many digits, stopped half-way and resumed.

Everything is real but AWS: the definition that is deployed, in the engine beside this; the handler
and the summary, in processes of their own; the operator's command, in others; moto's server behind
HTTP for S3 and DynamoDB. Run it as the tests are: PYTHONPATH=.:functions .venv/bin/python -m ….
"""

import argparse
import csv
import io
import re
import tempfile
import time
from collections import Counter
from dataclasses import fields
from pathlib import Path

from backlog.prices import Usage, price
from tests.backlog.operator import Desk, open_desk
from tests.backlog.scans import draw_scans
from tests.backlog.setting import Setting, open_setting
from tests.stack.cloud import start_cloud

PREFIX = "scans/show/"
MEMORY = 1769
"""MB: PredictorMemorySize's default."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=int)
    parser.add_argument("--concurrency", default="4")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            start_cloud(folder) as cloud,
            open_setting(cloud, folder, Concurrency=options.concurrency, BatchSize="15") as setting,
            open_desk(setting) as desk,
        ):
            run_show(desk, options.images, folder)


def run_show(desk: Desk, images: int, folder: Path) -> None:
    setting = desk.setting
    setting.stop_events()
    began = time.monotonic()
    digits = {}
    for scan in draw_scans(images, PREFIX):
        setting.drop(scan.key, scan.image)
        digits[scan.key] = scan.digit
    say(f"{images:,} digits are drawn and dropped: {time.monotonic() - began:.0f} s")
    before = count_requests(folder, setting)

    began = time.monotonic()
    command = desk.start("--prefix", PREFIX)
    assert command.stdout is not None
    backlog = command.stdout.readline().strip()
    for line in command.stdout:
        say("  " + line.rstrip())
        if (found := re.match(r"([\d,]+) of", line)) and int(
            found[1].replace(",", "")
        ) >= images // 2:
            break
    busy = list(setting.predictor.processes)
    status, out, err = desk.run("--stop", backlog)
    say(out.strip() + err.strip())
    for line in command.stdout:
        say("  " + line.rstrip())
    command.wait()
    half = time.monotonic() - began
    written = len(setting.list_keys("results/"))
    say(f"stopped after {half:.0f} s: {written:,} results of {images:,} are there")
    for process in busy:  # as harsh as it gets: whatever they were at is lost
        process.kill()
    say(f"{len(busy)} of the predictor's processes are killed")

    began = time.monotonic()
    status, out, err = desk.run("--resume", backlog)
    say("\n".join("  " + line for line in out.splitlines() if " of " not in line) + err)
    assert status == 0
    rest = time.monotonic() - began
    say(f"read to its end in {rest:.0f} s more: {images / (half + rest):.1f} images a second")
    check_results(setting, backlog, digits)
    (execution,) = desk.service.executions.values()
    requests = count_requests(folder, setting) - before
    show_price(setting, execution.transitions.total(), requests, images)
    (run,) = execution.map_runs.values()
    attempts = Counter(child.attempts for child in run.children)
    say(f"batches by their attempts: {dict(attempts)}; at most {run.most_at_once} at once")


def check_results(setting: Setting, backlog: str, digits: dict[str, int]) -> None:
    """Say of each image how often it is there: in the table, as a result, as a row."""
    rows = list(
        csv.DictReader(
            io.StringIO(
                setting.read(f"backlogs/{backlog}/results.csv").decode("utf-8-sig"), newline=""
            )
        )
    )
    places = {
        "records": Counter(item["upload_key"]["S"] for item in setting.scan_records()),
        "results": Counter(
            key.removeprefix("results/").removesuffix(".json")
            for key in setting.list_keys("results/")
        ),
        "rows": Counter(row["key"] for row in rows),
    }
    for name, counts in places.items():
        assert counts == dict.fromkeys(digits, 1), f"{name} are not one for each image"
        say(f"{name}: {counts.total():,}, one for each image")
    right = sum(row["digit"] == str(digits[row["key"]]) for row in rows)
    say(f"read right: {right:,} of {len(rows):,}")


def count_requests(folder: Path, setting: Setting) -> Counter[str]:
    """What the cloud was asked so far, by its log: S3's methods, and `POST`, DynamoDB's."""
    counts: Counter[str] = Counter()
    buckets = f"(?:{setting.cloud.uploads}|{setting.cloud.results})"
    line = re.compile(rf'"(GET|HEAD|PUT) /{buckets}/|"(POST) / HTTP|"(GET) /{buckets}\?')
    log = re.sub(r"\x1b\[[0-9;]*m", "", (folder / "cloud.log").read_text())  # it has colours
    for found in line.finditer(log):
        counts[found[1] or found[2] or "LIST"] += 1
    return counts


def show_price(setting: Setting, transitions: int, requests: Counter[str], images: int) -> None:
    say(f"requests: {dict(requests)}; {transitions:,} transitions")
    predictor = setting.predictor
    cost = price(
        Usage(
            lambda_seconds=predictor.seconds,
            lambda_memory=MEMORY,
            lambda_calls=predictor.invocations + 1,
            transitions=transitions,
            s3_writes=requests["PUT"] + requests["LIST"],
            s3_reads=requests["GET"] + requests["HEAD"],
            write_units=requests["POST"],
        )
    )
    say(f"the handler's own time, on this machine: {predictor.seconds:.0f} s")
    for field in fields(cost):
        say(f"  ${getattr(cost, field.name):.4f}  {field.name.replace('_', ' ')}")
    say(f"{images:,} images cost ${cost.total:.3f}")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
