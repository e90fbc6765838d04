"""Who sent a file: the organisation whose code or name its innermost folder bears."""

from __future__ import annotations

import re
from dataclasses import dataclass

import psycopg

from zaoxue.contracts import Contract
from zaoxue.recognising.feed import RefusedSheetError

_CODE_IN_FRONT = re.compile(r"^([A-Z]?\d{4,12})(?:[_\-\s]|$)")
_KIND_ZH = {"township": "乡镇（街道）", "district": "区县", "bank": "银行", "news_source": "新闻来源"}


@dataclass(frozen=True)
class Organisation:
    """One row of the registry. `district_code` is None where it lies in no district."""

    code: str
    name: str
    kind: str
    district_code: str | None


class OrganisationFinder:
    """Finds organisations by folder, in the registry as it stands in `ops.organisation`."""

    def __init__(self, organisations: list[Organisation]) -> None:
        self._by_code = {organisation.code: organisation for organisation in organisations}
        self._by_name: dict[tuple[str | None, str], list[Organisation]] = {}
        for organisation in organisations:
            within = organisation.district_code if organisation.kind == "township" else None
            self._by_name.setdefault((within, organisation.name), []).append(organisation)

    @classmethod
    def from_registry(cls, connection: psycopg.Connection) -> OrganisationFinder:
        """Reads the registry."""
        rows = connection.execute("select organisation_code, name, kind, district_code from ops.organisation")
        return cls([Organisation(*row) for row in rows])

    def find(self, folders: tuple[str, ...], contract: Contract) -> Organisation:
        """The organisation of the innermost folder that names one.

        A town's name counts only inside its own district: names of towns repeat. Raises RefusedSheetError where no
        folder names one, or where it is not of the kind that owes this feed.
        """
        found: Organisation | None = None
        for folder in folders:
            found = self._named(folder, found.district_code if found else None) or found
        if found is None:
            raise RefusedSheetError(
                f"无法从文件夹判断报送单位：{'/'.join(folders) or '（收件箱根目录）'}。文件夹名应以区划代码开头，如 990101_某区/990101001_某镇",
                "No folder names the sender; a folder's name begins with its division code, as in 990101_X/990101001_Y",
            )
        if found.kind != contract.submitter:
            raise RefusedSheetError(
                f"{contract.title}应由{_KIND_ZH[contract.submitter]}报送，但所在文件夹属于{found.name}（{found.code}）",
                f"{contract.feed} is sent by a {contract.submitter}, but the folder belongs to {found.code} ({found.kind})",
            )
        return found

    def kind_of(self, folder: str) -> str | None:
        """Kind of the organisation that a top folder of the inbox names; None where it names none."""
        named = self._named(folder, None)
        return named.kind if named else None

    def _named(self, folder: str, district: str | None) -> Organisation | None:
        code = _CODE_IN_FRONT.match(folder)
        if code:
            return self._by_code.get(code.group(1))
        named = self._by_name.get((district, folder)) or self._by_name.get((None, folder)) or []
        return named[0] if len(named) == 1 else None
