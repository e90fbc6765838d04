"""The registry of organisations: one line of INBOX/organisations.csv each, or the codes in front of folder names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import astuple, fields
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from zaoxue.submissions.registry_file import Organisation, RegistryError, read_registry

_BEIJING = ZoneInfo("Asia/Shanghai")
_FOLDER = re.compile(r"^(?P<code>\d{6}|\d{9}|[BN][0-9A-Z]{1,19})[_\-　 ](?P<name>.+)$")
_KIND_OF_TOP_FOLDER = {"B": "bank", "N": "news_source"}


def load_registry(connection: psycopg.Connection, inbox: Path, as_of: date | None = None) -> int:
    """Bring `ops.organisation` in line with the inbox; returns the number of organisations found there.

    With INBOX/organisations.csv that file is the truth for every organisation in it. Without it, districts,
    townships, banks and news sources are taken from folder names (990101_青溪区/990101001_柳桥镇), and each owes from
    the first day of the year of `as_of` (default: today) or the earlier day it already has. An organisation that is no
    longer listed keeps its row and goes on owing: closing one is a `closed_on`, not a deletion. Idempotent.
    Raises RegistryError, which names every bad line, and changes nothing then.
    """
    if not inbox.is_dir():
        raise RegistryError([f"收件目录不存在：{inbox.name}。The inbox folder is not there."])
    path = inbox / "organisations.csv"
    if path.is_file():
        organisations = read_registry(path)
        _upsert(connection, organisations, file_is_truth=True)
        return len(organisations)
    opened_on = (as_of or datetime.now(_BEIJING).date()).replace(month=1, day=1)
    derived = list(_from_folders(inbox, opened_on))
    _upsert(connection, derived, file_is_truth=False)
    return len(derived)


def _from_folders(inbox: Path, opened_on: date) -> Iterable[Organisation]:
    seen: dict[str, str] = {}
    for folder, code, name in [*_coded_folders(inbox), *_coded_folders(inbox / "news")]:
        kind = _KIND_OF_TOP_FOLDER.get(code[0], "district")
        if len(code) == 9 and code.isdigit():
            raise RegistryError(
                [f"{folder.name}：乡镇目录应放在所属区县目录之内。A township's folder belongs inside its district's."]
            )
        _once(seen, code, folder)
        yield Organisation(code, name, kind, None, code if kind == "district" else None, opened_on, None, "")
        if kind == "district":
            for inner, inner_code, inner_name in _coded_folders(folder):
                if len(inner_code) != 9 or inner_code[:6] != code:
                    raise RegistryError(
                        [
                            f"{folder.name}/{inner.name}：乡镇代码应为 9 位并以 {code} 开头。"
                            f"A township's code has 9 digits and begins with {code}."
                        ]
                    )
                _once(seen, inner_code, inner)
                yield Organisation(inner_code, inner_name, "township", code, code, opened_on, None, "")


def _coded_folders(folder: Path) -> list[tuple[Path, str, str]]:
    if not folder.is_dir():
        return []
    found = [(path, _FOLDER.match(path.name)) for path in sorted(folder.iterdir()) if path.is_dir()]
    return [(path, match["code"], match["name"].strip()) for path, match in found if match]


def _once(seen: dict[str, str], code: str, folder: Path) -> None:
    if code in seen:
        raise RegistryError([f"代码 {code} 出现两次：{seen[code]}、{folder.name}。Code {code} names two folders."])
    seen[code] = folder.name


def _upsert(connection: psycopg.Connection, organisations: list[Organisation], *, file_is_truth: bool) -> None:
    """Write what differs. Folder names know a name and a place alone: dates and addresses given before stand."""
    columns = [list(column) for column in zip(*map(astuple, organisations), strict=True)]
    connection.execute(
        """
        insert into ops.organisation as present
            (organisation_code, name, kind, parent_code, district_code, opened_on, closed_on, alert_urls,
            contact)
        select * from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::date[], %s::date[], %s::text[], %s::text[])
        on conflict (organisation_code) do update set
            name = excluded.name,
            kind = excluded.kind,
            parent_code = case when %s then excluded.parent_code
                else coalesce(excluded.parent_code, present.parent_code) end,
            district_code = case when %s then excluded.district_code
                else coalesce(excluded.district_code, present.district_code) end,
            opened_on = case when %s then excluded.opened_on else least(excluded.opened_on, present.opened_on) end,
            closed_on = case when %s then excluded.closed_on else present.closed_on end,
            alert_urls = case when %s then excluded.alert_urls else present.alert_urls end,
            contact = case when %s then excluded.contact else present.contact end
        """,
        [*(columns or [[] for _ in fields(Organisation)]), *[file_is_truth] * 6],
    )
