"""A person's story without the person: what was done for whom (age band, hardship), where, in which order, how it ended.

Names lead through the story and are never kept: sentences are stored masked. The words are in data/cases.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zaoxue.news.doubts import confidence
from zaoxue.news.locate import Locator
from zaoxue.news.names import masked
from zaoxue.news.periods import find_period
from zaoxue.news.repair import LOST
from zaoxue.news.sentences import Sentence, sentences

_FILE = Path(__file__).with_name("data") / "cases.yaml"
_RAW: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
ACTIONS: tuple[str, ...] = tuple(_RAW["actions"])
_CLEAR, _WORKING_AGE, _LONGEST_STORY = 0.95, 16, 12  # confidence to start from; years; sentences
_TOWNSHIP = 9  # digits
_AGE = re.compile(r"(?P<age>\d{2})(?:周)?岁")
_SOMEBODY_ELSE = re.compile(r"孩子|儿子|女儿|母亲|父亲|老人|公婆|丈夫|妻子|以上|以下|至|-|—")
_TITLED = re.compile(
    r"[老小][王李张刘陈赵周吴杨黄徐孙马朱胡郭何高林罗郑](?![一-鿿]?[区县镇乡村])|[一-鿿](?:女士|先生|师傅|大爷|大妈|大姐|大哥|阿姨|某某?)"
)
_PLURAL = re.compile(r"全[县区市镇乡省村街]|累计|共有?\d|\d+(?:余|多)?[名人户]")
_USUAL_WAGE = (300, 50_000)  # 元 a month
_BANDS = ((20, "under_20"), (30, "20_29"), (40, "30_39"), (50, "40_49"), (60, "50_59"), (200, "60_and_over"))


@dataclass(frozen=True)
class Case:
    """One story. `actions` in order, `dates` the first day the story gives for each of them; `monthly_wage` in 元;
    `evidence` the masked sentences; `start` the offset of the first in the mended text. `place_code` has at most 9 digits."""

    start: int
    place_code: str
    age_band: str | None
    hardship: tuple[str, ...]
    actions: tuple[str, ...]
    dates: dict[str, date]
    outcome: str
    monthly_wage: float | None
    evidence: tuple[str, ...]
    doubts: tuple[str, ...]
    confidence: float


@dataclass
class _Story:
    person: str
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(s.text for s in self.sentences)


@cache
def _words() -> dict[str, Any]:
    """Every pattern of the table; its lists and its order of actions are read as they stand."""
    return {
        key: re.compile(value) if isinstance(value, str) else {name: re.compile(words) for name, words in value.items()}
        for key, value in _RAW.items()
        if key not in ("comes_after", "venture_with")
    }


def find_cases(
    text: str, names: Iterable[str], locator: Locator, published: date | None = None, offset: int = 0
) -> list[Case]:
    """Stories of one article in order. `text` is mended and not yet masked, `names` are the full names in it; `offset`
    is where `text` begins in the article. Nothing that is returned holds a name of `names`."""
    known = sorted(set(names), key=lambda name: (-len(name), name))
    found = []
    for story in _stories(text, known):
        case = _read(story, known, locator, published, offset)
        if case is not None:
            found.append(case)
    return found


def _stories(text: str, names: list[str]) -> list[_Story]:
    words = _words()
    stories: list[_Story] = []
    current: _Story | None = None
    for sentence in sentences(text):
        told = _person_of(sentence.text, names)
        if current is not None and sentence.paragraph > current.sentences[-1].paragraph + 1:
            current = None
        if told:
            if current is None or not _same(current.person, told):
                current = next((s for s in stories if _same(s.person, told)), None)
                if current is None or sentence.paragraph > current.sentences[-1].paragraph + 3:
                    current = _Story(told)
                    stories.append(current)
            current.sentences.append(sentence)
        elif (
            current is not None
            and len(current.sentences) < _LONGEST_STORY
            and words["goes_on"].search(sentence.text)
            and not _PLURAL.search(sentence.text)
        ):
            current.sentences.append(sentence)
    return stories


def _person_of(sentence: str, names: list[str]) -> str:
    """The first person of the sentence who is told of by their own life, not by an office."""
    officials = _words()["officials"]
    spots = sorted((sentence.find(name), name) for name in names if name in sentence)
    spots += sorted((m.start(), m[0]) for m in _TITLED.finditer(sentence))
    for at, name in spots:
        before = sentence[max(0, at - 8) : at].rstrip("：: 　")
        if not officials.search(before) and not re.match(
            r"[^，。；]{0,2}(?:书记|主任|局长|镇长|经理)", sentence[at + len(name) :]
        ):
            return name
    return ""


def _same(known: str, told: str) -> bool:
    """李小花 is told of again as 李女士, 小李 or 老李."""
    if known == told:
        return True
    surname = told[1] if told[0] in "老小" else told[0]
    return _TITLED.fullmatch(told) is not None and surname in (known[0], known[1:2])


def _read(story: _Story, names: list[str], locator: Locator, published: date | None, offset: int) -> Case | None:
    words = _words()
    text = story.text
    if not words["of_life"].search(text):
        return None
    actions, dates = _actions(story, published)
    if not set(actions) - {"follow_up"}:
        return None
    wage = _wage(story)
    outcome = _outcome(text, actions)
    place_code = _place_code(story, locator)
    holds = {
        "place_unresolved": not place_code,
        "one_action": len(actions) == 1,
        "outcome_missing": outcome == "not_told",
        "wage_unusual": wage is not None and not _USUAL_WAGE[0] <= wage <= _USUAL_WAGE[1],
        "order_doubtful": any(
            later in actions and earlier in actions and actions.index(later) < actions.index(earlier)
            for later, earlier in _RAW["comes_after"].items()
        ),
        "lost_nearby": LOST in text,
    }
    doubts = tuple(code for code, is_so in holds.items() if is_so)
    return Case(
        start=story.sentences[0].start + offset,
        place_code=place_code,
        age_band=_age_band(story),
        hardship=tuple(code for code, pattern in words["hardship"].items() if pattern.search(text)),
        actions=actions,
        dates=dates,
        outcome=outcome,
        monthly_wage=wage,
        evidence=tuple(_masked(s.text, names) for s in story.sentences),
        doubts=doubts,
        confidence=confidence(_CLEAR, doubts, "case"),
    )


def _place_code(story: _Story, locator: Locator) -> str:
    """The first township the story stands in, clause by clause (the place of work may follow in the same sentence);
    else the first wider place."""
    codes = [
        spot.code
        for sentence in story.sentences
        for mark in re.finditer(r"[，。；！？]|$", sentence.text)
        if (spot := locator.at(sentence, sentence.start + mark.start(), None)) is not None and spot.code
    ]
    return next((code for code in codes if len(code) >= _TOWNSHIP), codes[0] if codes else "")[:_TOWNSHIP]


def _actions(story: _Story, published: date | None) -> tuple[tuple[str, ...], dict[str, date]]:
    """Actions in the order they stand in, each once, and the first day of the time given for each."""
    words = _words()
    found: dict[str, tuple[int, int]] = {}
    dates: dict[str, date] = {}
    for number, sentence in enumerate(story.sentences):
        for code, pattern in words["actions"].items():
            if code in found:
                continue
            for match in pattern.finditer(sentence.text):
                clause = re.split("[，；。]", sentence.text[: match.start()])[-1]
                if words["not_done"].search(clause):
                    continue
                found[code] = (number, match.start())
                start = _first_day(sentence.text, match.end(), clause, published)
                if start is not None:
                    dates[code] = start
                break
    return tuple(sorted(found, key=lambda code: (found[code], ACTIONS.index(code)))), dates


def _first_day(sentence: str, end: int, clause: str, published: date | None) -> date | None:
    """First day of the time that the clause of an action gives, else of the sentence before it."""
    own = sentence[sentence.rindex(clause, 0, end) if clause else 0 : end]
    for words in (own, sentence[:end]):
        start = find_period(words, published)[0]
        if start is not None and (published is None or start <= published):
            return start
    return None


def _outcome(text: str, actions: tuple[str, ...]) -> str:
    words = _words()["outcomes"]
    if "placement" in actions:
        return "public_post" if words["public_post"].search(text) else "employed"
    if words["self_employed"].search(text) and set(_RAW["venture_with"]) & set(actions):
        return "self_employed"
    if "dibao_exit" in actions:
        return "left_dibao"
    return "certified" if "certificate" in actions else "not_told"


def _wage(story: _Story) -> float | None:
    words = _words()
    for sentence in story.sentences:
        for match in words["wage"].finditer(sentence.text):
            before = re.split("[，；。]", sentence.text[: match.start() + 2])[-1]
            if not words["not_monthly"].search(before):
                scale = {"千": 1_000, "万": 10_000}.get(match["scale"], 1)
                return float(match["number"].replace(",", "")) * scale
    return None


def _age_band(story: _Story) -> str | None:
    for sentence in story.sentences:
        for match in _AGE.finditer(sentence.text):
            clause = re.split("[，；。、]", sentence.text[: match.start()])[-1]
            age = int(match["age"])
            if (
                age >= _WORKING_AGE
                and not _SOMEBODY_ELSE.search(clause)
                and sentence.text[match.end() : match.end() + 2] not in ("以上", "以下")
            ):
                return next(band for limit, band in _BANDS if age < limit)
    return None


def _masked(sentence: str, names: list[str]) -> str:
    for name in names:
        sentence = sentence.replace(name, masked(name))
    return sentence
