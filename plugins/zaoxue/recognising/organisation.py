"""Who sent a sheet: by folder, file name, sheet name and title; where they disagree nobody is guessed at."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import psycopg

from zaoxue.contracts import Contract
from zaoxue.normalising.text import clean_word
from zaoxue.recognising.feed import RefusedSheetError
from zaoxue.recognising.names import Alias, pattern_of, spellings, stem

_CODE_IN_FRONT = re.compile(r"^([A-Z]?\d{4,12})(?:[_\-\s]|$)")
_CODE_IN_TEXT = re.compile(r"(?<![\dA-Za-z])(\d{9}|\d{6}|[BN]\d{4,12})(?!\d)")
_KIND_ZH = {"township": "乡镇（街道）", "district": "区县", "bank": "银行", "news_source": "新闻来源"}
_SHOWN = 3


@dataclass(frozen=True)
class Organisation:
    """One row of the registry. `district_code` is None where it lies in no district."""

    code: str
    name: str
    kind: str
    district_code: str | None


@dataclass(frozen=True)
class Evidence:
    """What a file says about its sender beside its folders."""

    file_name: str = ""
    sheet: str = ""
    title: str = ""
    received_on: date | None = None


class OrganisationFinder:
    """Finds organisations in the registry as it stands in `ops.organisation`, by present, former and short names."""

    def __init__(self, organisations: list[Organisation], aliases: list[Alias] | None = None) -> None:
        self._by_code = {organisation.code: organisation for organisation in organisations}
        self._aliases: dict[str, list[Alias]] = defaultdict(list)
        for alias in aliases or []:
            self._aliases[alias.organisation_code].append(alias)
        self._scopes: dict[tuple[str, str | None], list[Organisation]] = defaultdict(list)
        for organisation in organisations:
            within = organisation.district_code if organisation.kind == "township" else None
            self._scopes[organisation.kind, within].append(organisation)
        self._indexes: dict[tuple[str, str | None], _NameIndex] = {}

    @classmethod
    def from_registry(cls, connection: psycopg.Connection, aliases: list[Alias] | None = None) -> OrganisationFinder:
        """Reads the registry."""
        rows = connection.execute("select organisation_code, name, kind, district_code from ops.organisation")
        return cls([Organisation(*row) for row in rows], aliases)

    def find(self, folders: tuple[str, ...], contract: Contract, evidence: Evidence | None = None) -> Organisation:
        """The organisation that sent a sheet of this feed.

        The innermost folder that names one decides, unless file name, sheet name or title name another one of the same
        kind. Where the folder is that of the level above (a district's folder with its townships' ledgers), file name,
        sheet name and title decide, if they agree. A town's name counts only inside its own district: names of towns
        repeat. Raises RefusedSheetError with what was seen and what would settle it.
        """
        evidence = evidence or Evidence()
        folder = self._by_folders(folders, evidence.received_on)
        if folder is not None and folder.kind == contract.submitter:
            self._refuse_contradiction(folder, evidence)
            return folder
        district = folder.district_code if folder else None
        if contract.submitter == "township" and district is None:
            district = self._district_in(evidence)
        named = self._named(contract.submitter, district, evidence)
        found = set.intersection(*named.values()) if named else set()
        if len(found) == 1 and (folder is None or _lies_in(self._by_code[next(iter(found))], folder)):
            return self._by_code[found.pop()]
        raise self._unsettled(folders, folder, named, contract)

    def kind_of(self, folder: str) -> str | None:
        """Kind of the organisation that a top folder of the inbox names; None where it names none."""
        named = self._of_folder(folder, None, None)
        return named.kind if named else None

    def district_of(self, folders: tuple[str, ...], day: date | None = None) -> Organisation | None:
        """The district (or the bank, the news source) whose folder it is, whatever lies in it; None where none is named."""
        folder = self._by_folders(folders, day)
        return self._by_code.get(folder.district_code, folder) if folder and folder.district_code else folder

    def _by_folders(self, folders: tuple[str, ...], day: date | None) -> Organisation | None:
        found: Organisation | None = None
        for folder in folders:
            found = self._of_folder(folder, found.district_code if found else None, day) or found
        return found

    def _of_folder(self, folder: str, district: str | None, day: date | None) -> Organisation | None:
        code = _CODE_IN_FRONT.match(folder)
        if code:
            return self._by_code.get(code.group(1))
        word = clean_word(folder)
        scopes: list[tuple[str, str | None]] = [("township", district)] if district else []
        scopes += [(kind, None) for kind in ("district", "prefecture", "province", "bank", "news_source")]
        for scope in scopes:
            codes = self._index(*scope).exactly(word, day)
            if len(codes) == 1:
                return self._by_code[codes.pop()]
        return None

    def _district_in(self, evidence: Evidence) -> str | None:
        """District that file name, sheet or title name, where no folder does."""
        named = self._named("district", None, evidence)
        found = set.intersection(*named.values()) if named else set()
        return self._by_code[found.pop()].district_code if len(found) == 1 else None

    def _named(self, kind: str, within: str | None, evidence: Evidence) -> dict[str, set[str]]:
        """Source -> codes of organisations of that kind it names; sources that name none are left out."""
        if kind == "township" and within is None:
            index = None
        else:
            index = self._index(kind, within if kind == "township" else None)
        named: dict[str, set[str]] = {}
        for source, text in (("文件名", evidence.file_name), ("工作表名", evidence.sheet), ("标题", evidence.title)):
            word = clean_word(text)
            codes = {
                code
                for code in _CODE_IN_TEXT.findall(word)
                if code in self._by_code and self._by_code[code].kind == kind
            }
            codes = codes or (index.in_text(word, evidence.received_on) if index else set())
            if codes:
                named[source] = codes
        return named

    def _refuse_contradiction(self, folder: Organisation, evidence: Evidence) -> None:
        for source, codes in self._named(folder.kind, folder.district_code, evidence).items():
            if folder.code not in codes:
                others = self._names(codes)
                raise RefusedSheetError(
                    f"文件夹属于{folder.name}（{folder.code}），{source}写的却是{others}。"
                    "请把文件放到对应单位的文件夹，或改正名称后再报送",
                    f"The folder belongs to {folder.code}, but the {_SOURCE_EN[source]} names {', '.join(sorted(codes)[:_SHOWN])};"
                    " move the file or correct the name",
                )

    def _unsettled(
        self, folders: tuple[str, ...], folder: Organisation | None, named: dict[str, set[str]], contract: Contract
    ) -> RefusedSheetError:
        seen_zh = "；".join(f"{source}中有{self._names(codes)}" for source, codes in named.items())
        seen_en = "; ".join(f"{_SOURCE_EN[s]} names {', '.join(sorted(c)[:_SHOWN])}" for s, c in named.items())
        submitter = _KIND_ZH[contract.submitter]
        if folder is not None:
            return RefusedSheetError(
                f"{contract.title}应由{submitter}报送，但所在文件夹属于{folder.name}（{folder.code}）"
                + (f"，{seen_zh}" if seen_zh else "")
                + f"。请放到{submitter}自己的文件夹，或在文件名、工作表名或标题中写明唯一的单位全称",
                f"{contract.feed} is sent by a {contract.submitter}, but the folder belongs to {folder.code} ({folder.kind})"
                + (f"; {seen_en}" if seen_en else "")
                + f"; put it into the {contract.submitter}'s own folder, or write one full name in the file name, sheet or title",
            )
        return RefusedSheetError(
            f"无法从文件夹判断报送单位：{'/'.join(folders) or '（收件箱根目录）'}"
            + (f"；{seen_zh}" if seen_zh else "")
            + "。文件夹名应以区划代码开头，如 990101_某区/990101001_某镇",
            "No folder names the sender"
            + (f" ({seen_en})" if seen_en else "")
            + "; a folder's name begins with its division code, as in 990101_X/990101001_Y",
        )

    def _names(self, codes: set[str]) -> str:
        shown = sorted(codes)[:_SHOWN]
        return "、".join(f"{self._by_code[code].name}（{code}）" for code in shown) + (
            "等" if len(codes) > _SHOWN else ""
        )

    def _index(self, kind: str, within: str | None) -> _NameIndex:
        if (kind, within) not in self._indexes:
            organisations = self._scopes.get((kind, within), [])
            self._indexes[kind, within] = _NameIndex(organisations, self._aliases)
        return self._indexes[kind, within]


_SOURCE_EN = {"文件名": "file name", "工作表名": "sheet name", "标题": "title"}


class _NameIndex:
    """Names of the organisations of one scope: those of one kind, townships within one district."""

    def __init__(self, organisations: list[Organisation], aliases: dict[str, list[Alias]]) -> None:
        self._full: dict[str, list[tuple[str, Alias | None]]] = defaultdict(list)
        self._stems: dict[str, set[str]] = defaultdict(set)
        for organisation in organisations:
            for name in spellings(clean_word(organisation.name), organisation.kind):
                self._full[name].append((organisation.code, None))
            short = stem(clean_word(organisation.name), organisation.kind)
            if short:
                self._stems[short].add(organisation.code)
            for alias in aliases.get(organisation.code, ()):
                for name in spellings(alias.name, organisation.kind):
                    self._full[name].append((organisation.code, alias))
        self._full_pattern = pattern_of(set(self._full))
        self._stem_pattern = pattern_of(set(self._stems))

    def exactly(self, word: str, day: date | None) -> set[str]:
        """Codes of those whose name, former name or short name is the word."""
        return self._codes(word, day) or set(self._stems.get(word, ()))

    def in_text(self, text: str, day: date | None) -> set[str]:
        """Codes of those a text names in full, else of those whose short names stand in it."""
        if not text or self._full_pattern is None:
            return set()
        full = {code for name in self._full_pattern.findall(text) for code in self._codes(name, day)}
        if full or self._stem_pattern is None:
            return full
        return {code for name in self._stem_pattern.findall(text) for code in self._stems[name]}

    def _codes(self, name: str, day: date | None) -> set[str]:
        """A present name goes before a former one, a former one in force on the day before one that was not."""
        bearers = self._full.get(name, [])
        present = {code for code, alias in bearers if alias is None}
        valid = {code for code, alias in bearers if alias is not None and alias.holds_on(day)}
        return present or valid or {code for code, _ in bearers}


def _lies_in(organisation: Organisation, folder: Organisation) -> bool:
    return folder.kind != "district" or organisation.district_code == folder.code
