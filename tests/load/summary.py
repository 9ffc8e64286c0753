"""`summarise`: what a load test came to, as a table to read and as JSON."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TOTAL = "all"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of request. Times are milliseconds, to the answer's last byte."""

    name: str
    requests: int
    failures: int
    per_second: float
    median: float
    p95: float
    p99: float


def summarise(environment: Any, folder: Path) -> str:
    """Write `load.json` and `load.md` into a folder; returns the table.

    Args:
        environment: Locust's, at its end.
    """
    stats = environment.stats
    rows = [read_row(entry, entry.name) for entry in stats.entries.values()]
    rows.sort(key=lambda row: -row.requests)
    rows.append(read_row(stats.total, TOTAL))
    facts = {
        "host": environment.host,
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "users": environment.parsed_options.num_users,
        "pause": environment.parsed_options.pause,
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        # This test's own share in it, too: a machine that was quiet has what users and server take.
        "load_average": list(os.getloadavg()),
        "failures": {
            f"{error.name}: {error.error}": error.occurrences for error in stats.errors.values()
        },
    }
    table = draw_table(rows)
    folder.mkdir(parents=True, exist_ok=True)
    report = {**facts, "rows": [asdict(row) for row in rows]}
    (folder / "load.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    (folder / "load.md").write_text(f"{table}\n", encoding="utf-8")
    return table


def read_row(entry: Any, name: str) -> Row:
    def percentile(share: float) -> float:
        return round(entry.get_response_time_percentile(share), 1) if entry.num_requests else 0.0

    return Row(
        name=name,
        requests=entry.num_requests,
        failures=entry.num_failures,
        per_second=round(entry.total_rps, 1),
        median=percentile(0.5),
        p95=percentile(0.95),
        p99=percentile(0.99),
    )


def draw_table(rows: list[Row]) -> str:
    lines = [
        "| | requests | a second | median | p95 | p99 | failures |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {row.name} | {row.requests:,} | {row.per_second:.1f} | {row.median:.0f} ms | "
        f"{row.p95:.0f} ms | {row.p99:.0f} ms | {row.failures:,} |"
        for row in rows
    ]
    return "\n".join(lines)
