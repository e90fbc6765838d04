"""The registry: one line adds a district; a bad line is named; folder names serve where there is no file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import psycopg
import pytest

from zaoxue.settings import Settings
from zaoxue.submissions.registry import load_registry
from zaoxue.submissions.registry_file import RegistryError, read_registry

HEADER = "organisation_code,name,kind,parent_code,opened_on,closed_on,alert_urls\n"
GOOD = HEADER + (
    "99,虚构省,province,,2026-01-01,,\n"
    "9901,甲州,prefecture,99,2026-01-01,,\n"
    "990101,青溪区,district,9901,2026-01-01,,json://a json://b\n"
    "990101001,柳桥镇,township,990101,2026-03-01,2026-12-31,\n"
    "B9901,某某银行,bank,9901,2026-01-01,,\n"
)


def _rows(connection: psycopg.Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select organisation_code, name, kind, parent_code, district_code, opened_on, closed_on,"
        " alert_urls from ops.organisation order by 1"
    ).fetchall()


def test_file_is_loaded_again_and_again(connection: psycopg.Connection, settings: Settings) -> None:
    path = settings.inbox / "organisations.csv"
    path.write_text("\ufeff" + GOOD, encoding="utf-8")
    assert load_registry(connection, settings.inbox) == 5
    first = _rows(connection)
    assert ("990101001", "柳桥镇", "township", "990101", "990101", date(2026, 3, 1), date(2026, 12, 31), "") in first
    assert ("990101", "青溪区", "district", "9901", "990101", date(2026, 1, 1), None, "json://a json://b") in first
    assert load_registry(connection, settings.inbox) == 5
    assert _rows(connection) == first


def test_a_district_is_one_line(connection: psycopg.Connection, settings: Settings) -> None:
    path = settings.inbox / "organisations.csv"
    path.write_text(GOOD, encoding="utf-8")
    load_registry(connection, settings.inbox)
    path.write_text(GOOD + "990102,白石县,district,9901,2026-06-01,,\n", encoding="utf-8")
    assert load_registry(connection, settings.inbox) == 6
    assert ("990102", "白石县", "district", "9901", "990102", date(2026, 6, 1), None, "") in _rows(connection)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("990103,丙区,county,9901,2026-01-01,,", "kind"),
        ("99010,丙区,district,9901,2026-01-01,,", "organisation_code"),
        ("990103.0,丙区,district,9901,2026-01-01,,", "organisation_code"),
        ("990101,又一区,district,9901,2026-01-01,,", "organisation_code"),
        ("990103,丙区,district,9909,2026-01-01,,", "parent_code"),
        ("990103001,某镇,township,,2026-01-01,,", "parent_code"),
        ("990103001,某镇,township,9901,2026-01-01,,", "parent_code"),
        ("990103001,某镇,township,990101,2026-01-01,,", "parent_code"),
        ("990103,,district,9901,2026-01-01,,", "name"),
        ("990103,丙区,district,9901,2026/1/1,,", "opened_on"),
        ("990103,丙区,district,9901,2026-02-01,2026-01-01,", "closed_on"),
    ],
)
def test_bad_line_is_named_in_two_languages_and_nothing_is_written(
    connection: psycopg.Connection, settings: Settings, line: str, place: str
) -> None:
    (settings.inbox / "organisations.csv").write_text(GOOD + line + "\n", encoding="utf-8")
    with pytest.raises(RegistryError) as caught:
        load_registry(connection, settings.inbox)
    (problem,) = caught.value.problems
    assert f"第 7 行 {place}：" in problem
    assert f"Line 7, {place}: " in problem
    assert _rows(connection) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEADER.replace("kind,", "").encode(), "column kind is missing"),
        (HEADER.replace("kind,", "kind,colour,").encode(), "unknown column 'colour'"),
        ((GOOD + "990103,丙区,district,9901,2026-01-01,,,,surplus\n").encode(), "Line 7: more cells"),
        (GOOD.encode("gb18030"), "Line 2: not UTF-8"),
        (b"", "column organisation_code is missing"),
    ],
)
def test_unreadable_file_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "organisations.csv"
    path.write_bytes(content)
    with pytest.raises(RegistryError, match=words):
        read_registry(path)


def test_empty_lines_and_trailing_commas_are_nothing(tmp_path: Path) -> None:
    path = tmp_path / "organisations.csv"
    path.write_text(GOOD.replace("alert_urls\n", "alert_urls,,\n") + ",,,,,,\n\n", encoding="utf-8")
    assert len(read_registry(path)) == 5


def test_folder_names_serve_without_a_file(connection: psycopg.Connection, settings: Settings) -> None:
    for name in (
        "990101_青溪区/990101001_柳桥镇",
        "990101_青溪区/回执",
        "B9901_某某银行",
        "news/N9901_某某新闻网",
        "其他",
    ):
        (settings.inbox / name).mkdir(parents=True)
    assert load_registry(connection, settings.inbox, date(2026, 5, 31)) == 4
    rows = _rows(connection)
    assert ("990101001", "柳桥镇", "township", "990101", "990101", date(2026, 1, 1), None, "") in rows
    assert [row[2] for row in rows] == ["district", "township", "bank", "news_source"]
    load_registry(connection, settings.inbox, date(2027, 5, 31))
    assert _rows(connection) == rows, "a new year must not forgive the old one"


@pytest.mark.parametrize("name", ["990101_青溪区/990102001_柳桥镇", "990101001_柳桥镇", "990101_青溪区/990102_柳桥镇"])
def test_township_folder_in_the_wrong_place_is_refused(
    connection: psycopg.Connection, settings: Settings, name: str
) -> None:
    (settings.inbox / name).mkdir(parents=True)
    with pytest.raises(RegistryError, match="柳桥镇"):
        load_registry(connection, settings.inbox, date(2026, 5, 31))
