"""Read tests/fixtures/news/labelled.txt and score claims against it.

The scorer is ours, not the one of the labelled seeds, but it counts the same things: a claim is detected if its value
agrees and its words overlap, and exact if unit, bounds, kind, measure and place agree too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from zaoxue.news.claims import Claim

FIXTURE = Path(__file__).parents[2] / "fixtures" / "news" / "labelled.txt"
_KINDS = {"a": "actual", "t": "target", "r": "rate", "p": "programme_parameter", "?": ""}
_MARK = re.compile(r"\[\[([^\]|]+)\|([^\]|]+)\|([^\]|]+)(?:\|([^\]]*))?\]\]")
_SCALE = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


@dataclass(frozen=True)
class Label:
    """One marked claim; `start` in the article's text; kind "" is one that may be promoted or not."""

    start: int
    text: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    qualifier: str
    kind: str
    measures: tuple[str, ...]
    place: str
    subset: bool


@dataclass(frozen=True)
class Labelled:
    """One article with its labels in order."""

    name: str
    published: date
    text: str
    labels: tuple[Label, ...]


@dataclass
class Score:
    """Counts over promoted claims, and a line for each difference."""

    gold: int = 0
    predicted: int = 0
    matched: int = 0
    exact: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall of detection."""
        return 2 * self.matched / (self.gold + self.predicted or 1)

    @property
    def exact_share(self) -> float:
        """Share of the labels with every attribute right."""
        return self.exact / (self.gold or 1)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _label(match: re.Match[str], start: int, home: str) -> Label:
    text, measures, kind, rest = match[1], match[2], match[3], match[4] or ""
    options = dict(part.split(":", 1) for part in rest.split() if ":" in part)
    number = re.search(r"(\d+(?:\.\d+)?)\s?[多余]?(?:(万|亿))?", text)
    cheng = re.search(r"([一二三四五六七八九])成", text)
    if "v" in options:
        value = None if options["v"] == "null" else Decimal(options["v"])
    elif number:
        value = Decimal(number[1]) * _SCALE.get(number[2] or "", Decimal(1))
    elif cheng:
        value = Decimal(10 * (1 + "一二三四五六七八九".index(cheng[1])))
    else:
        value = Decimal(1 + "一二三四五六七八九".index(text[0]))
    low, high = value, value
    for part in rest.split():
        if span := re.fullmatch(r"([\d.]*?)\.\.([\d.]*)", part):
            low, high = _decimal(span[1]), _decimal(span[2])
    place = next((part[1:] for part in rest.split() if part.startswith("@")), home)
    counter = re.sub(r"^.*[\d.万亿多余几来一二三四五六七八九十百千]|以上|左右|上下|以内", "", text)
    unit = "%" if cheng or "%" in text else {"名": "人", "位": "人"}.get(counter, counter)
    if "百分点" in text:
        unit = "百分点"
    return Label(
        start,
        text,
        value,
        low,
        high,
        options.get("u", unit),
        options.get("q", "exact"),
        _KINDS[kind],
        tuple(measures.split("/")),
        place,
        "sub" in rest.split(),
    )


def labelled_articles(path: Path = FIXTURE) -> list[Labelled]:
    """All articles of the file, marks taken out of their text."""
    found = []
    for block in re.split(r"^=== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, marked = block.partition("\n")
        name, published, home = (part.strip() for part in head.split("|"))
        text, labels, done = "", [], 0
        marked = marked.strip()
        for match in _MARK.finditer(marked):
            text += marked[done : match.start()]
            labels.append(_label(match, len(text), home))
            text += match[1]
            done = match.end()
        found.append(Labelled(name, date.fromisoformat(published), text + marked[done:], tuple(labels)))
    return found


def _same(a: Decimal | None, b: Decimal | None) -> bool:
    return a is b if a is None or b is None else abs(a - b) <= Decimal("0.005")


def _bare_unit(unit: str) -> str:
    first, *per = unit.removeprefix("个" if len(unit) > 1 else "").split("/")
    return "/".join([{"场次": "场"}.get(first, first), *sorted(p for p in per if p != "人")])


def score(article: Labelled, claims: Iterable[Claim], result: Score) -> None:
    """Add one article's claims (offsets may differ from the article's where it was damaged) to `result`."""
    left = [c for c in claims if c.promoted]
    for label in article.labels:
        near = [c for c in left if _same(c.value, label.value) and (c.text in label.text or label.text in c.text)]
        best = min(near, key=lambda c: abs(c.start - label.start), default=None)
        if best:
            left.remove(best)
        if not label.kind:
            continue
        result.gold += 1
        if best is None:
            result.differences.append(f"{article.name} missed {label.text} {label.measures[0]} {label.kind}")
            continue
        result.predicted += 1
        result.matched += 1
        wrong = [
            f"{name}: {got} for {want}"
            for name, got, want, ok in (
                ("unit", best.unit, label.unit, _bare_unit(best.unit) == _bare_unit(label.unit)),
                (
                    "bounds",
                    (best.value_min, best.value_max),
                    (label.low, label.high),
                    _same(best.value_min, label.low) and _same(best.value_max, label.high),
                ),
                ("kind", best.kind, label.kind, best.kind == label.kind),
                ("measure", best.measure, "/".join(label.measures), best.measure in label.measures),
                ("place", best.place_name, label.place, best.place_name == label.place),
            )
            if not ok
        ]
        result.exact += not wrong
        softer = [
            f"{name}: {got} for {want}"
            for name, got, want in (
                ("qualifier", best.qualifier_class, label.qualifier),
                ("subset", best.is_subset, label.subset),
            )
            if got != want
        ]
        if wrong or softer:
            result.differences.append(f"{article.name} {label.text} {'; '.join(wrong + softer)}")
    result.predicted += len(left)
    result.differences += [f"{article.name} invented {c.text} {c.measure} {c.kind} | {c.sentence[:40]}" for c in left]
