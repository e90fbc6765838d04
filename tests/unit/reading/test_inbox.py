"""Links, pipes and deceiving names among the deliveries: told, never followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zaoxue.inbox import archive_file, archive_large_file, archived_path, discover
from zaoxue.inbox.discover import ARTICLE_SUFFIXES, LEDGER_SUFFIXES
from zaoxue.recognising.names import AliasError, read_aliases
from zaoxue.workbooks import UnreadableFileError


def test_links_are_listed_with_their_problem_and_not_followed(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "990101_青溪区").mkdir(parents=True)
    secret = tmp_path / "secret.csv"
    secret.write_text("x")
    (inbox / "990101_青溪区" / "a.csv").symlink_to(secret)
    (inbox / "990101_青溪区" / "下级").symlink_to(tmp_path)
    (inbox / "990101_青溪区" / "b.html").symlink_to(secret)
    os.mkfifo(inbox / "990101_青溪区" / "c.xlsx")
    found = {file.name: file.problem for file in discover(inbox, LEDGER_SUFFIXES)}
    assert set(found) == {"a.csv", "下级", "c.xlsx"}
    assert all(problem and problem[0] and problem[1].isascii() for problem in found.values())
    assert discover(inbox, ARTICLE_SUFFIXES) == []
    for name in ("a.csv", "c.xlsx"):  # even where one was put there after the search
        with pytest.raises(UnreadableFileError):
            archive_file(inbox / "990101_青溪区" / name, tmp_path / "archive")


@pytest.mark.parametrize("name", ["台账\u202exslx.csv", "a\nb.csv", "a..\\..\\etc\\x.csv", "x\x1b[31m.csv"])
def test_deceiving_names_are_shown_harmless(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    (file,) = discover(tmp_path, LEDGER_SUFFIXES)
    assert file.problem
    assert file.uri.isprintable()


def test_names_in_gb18030_and_in_no_encoding_can_be_registered(tmp_path: Path) -> None:
    for raw in ("就业台账.csv".encode("gb18030"), b"\xff\xfe.csv"):
        with open(os.path.join(os.fsencode(tmp_path), raw), "wb") as file:
            file.write(b"x")
    names = {file.name for file in discover(tmp_path, LEDGER_SUFFIXES)}
    assert "就业台账.csv" in names
    assert all(name.encode() for name in names)


def test_what_is_sent_in_place_of_a_table_is_found_and_the_news_folder_is_left_alone(tmp_path: Path) -> None:
    for name in (
        "a.pdf",
        "b.zip",
        "c.docx",
        "news/N1/d.pdf",
        "~$e.xlsx",
        ".f.csv",
        "organisations.csv",
        "organisation_names.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert {file.uri for file in discover(tmp_path, LEDGER_SUFFIXES)} == {"a.pdf", "b.zip", "c.docx"}


def test_a_large_file_is_archived_without_being_held(tmp_path: Path) -> None:
    source = tmp_path / "large.csv"
    source.write_bytes(b"0123456789" * 300_000)
    digest = archive_large_file(source, tmp_path / "archive")
    assert digest == archive_file(source, tmp_path / "other")[0]
    assert archived_path(tmp_path / "archive", digest).read_bytes() == source.read_bytes()
    assert archive_large_file(source, tmp_path / "archive") == digest
    assert not list((tmp_path / "archive").rglob("*.part"))


def test_the_table_of_names_says_which_line_is_wrong(tmp_path: Path) -> None:
    assert read_aliases(tmp_path) == []
    table = tmp_path / "organisation_names.csv"
    table.write_text("organisation_code,name,valid_from,valid_to\n990101001,老柳乡,,2019-12-31\n", encoding="utf-8-sig")
    (alias,) = read_aliases(tmp_path)
    assert (alias.name, alias.valid_from, str(alias.valid_to)) == ("老柳乡", None, "2019-12-31")
    table.write_text("organisation_code,name,valid_from,valid_to\n990101001,老柳乡,,去年\n", encoding="utf-8")
    with pytest.raises(AliasError, match="第2行"):
        read_aliases(tmp_path)
