"""What a figure counts: the rules of data/measures.yaml over the words around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_name("data") / "measures.yaml"


@dataclass(frozen=True)
class Rule:
    """One line of data/measures.yaml."""

    measure: str
    act: re.Pattern[str]
    place: str
    tier: int
    need: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@dataclass(frozen=True)
class Around:
    """The words around one figure (N), other figures written #, institutions' names neutralised.

    `left` and `right` are those of the item between 、 or ，; `open` says that no other figure follows in the item.
    `clause_left` reaches back to the last ，； and may cross other figures; `chain` to the head of the sentence.
    """

    left: str
    right: str
    open: bool
    clause_left: str
    chain: str
    clause: str


@dataclass(frozen=True)
class Found:
    """A measure and how it was found: 1 in the item's own words, less the further the words are."""

    measure: str
    strength: float
    tier: int = 1


_OWN_NOUN = {"thing", "organisation", "event", "class", "paper"}
_BARE_VERB = re.compile(
    r"[，、\s]*(?:其中|已经?|共|截至目前|届时|年底前|今年|明年|新建|扩建|建立|再|又|还|计划|力争|确保|将|举办|开展|组织|设立?|建设?|[镇县市区村]级|现有?|实际|新增?|复工|开工|建成|完成|达到?|有|占|增加|减少|累计|分别|为|约|（|和|及|以及|今年|目前|全[市县区])*[，、\s]*"
)
_EXEMPT = {"composition_share", "change_vs_base"}


@cache
def _raw() -> dict[str, Any]:
    raw: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return raw


@cache
def _topics() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(_raw()["other_topic"]), re.compile(_raw()["own_topic"])


def off_topic(sentence: str) -> bool:
    """True for a sentence on roads, water, housing, output, with no word of work, training or assistance."""
    other, own = _topics()
    return other.search(sentence) is not None and own.search(sentence) is None


@cache
def _table() -> tuple[list[tuple[re.Pattern[str], str]], dict[str, list[Rule]]]:
    raw = _raw()
    neutral = [(re.compile(pattern), plain) for pattern, plain in raw["neutral"]]
    by_group: dict[str, list[Rule]] = {}
    for row in raw["rules"]:
        place = (
            "adjacent" if row.get("adjacent") else "first" if row.get("first") else "phrase" if "phrase" in row else ""
        )
        rule = Rule(
            row["measure"],
            re.compile(row.get("phrase") or row["act"]),
            place,
            row.get("tier", 1),
            re.compile(row["need"]) if row.get("need") else None,
            re.compile(row["not"]) if row.get("not") else None,
        )
        for group in row["groups"]:
            by_group.setdefault(group, []).append(rule)
    return neutral, by_group


@cache
def _rules(group: str, tier: int, place: str = "") -> tuple[Rule, ...]:
    return tuple(r for r in _table()[1].get(group, ()) if r.tier == tier and r.place == place)


def neutralise(text: str) -> str:
    """Names of groups and institutions rewritten so that they hold no act."""
    for pattern, plain in _table()[0]:
        text = pattern.sub(plain, text)
    return text


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    end = -1
    for match in pattern.finditer(text):
        end = match.end()
    return end


def _allowed(rule: Rule, clause: str) -> bool:
    return (rule.need is None or rule.need.search(clause) is not None) and (
        rule.unless is None or rule.unless.search(clause) is None
    )


def _nearest_left(rules: tuple[Rule, ...], left: str, clause: str) -> str | None:
    best, where = None, -1
    for rule in rules:
        end = _last_end(rule.act, left)
        if end > where and _allowed(rule, clause):
            best, where = rule.measure, end
    return best


def _last_right(rules: tuple[Rule, ...], right: str, clause: str) -> str | None:
    """The last act to the right governs: 30名学员培训后实现就业 were placed."""
    best, where = None, -1
    for rule in rules:
        end = _last_end(rule.act, right)
        if end > where and _allowed(rule, clause):
            best, where = rule.measure, end
    return best


def _first_right(rules: tuple[Rule, ...], right: str, clause: str) -> str | None:
    hits = [
        (match.start(), rule.measure) for rule in rules if (match := rule.act.search(right)) and _allowed(rule, clause)
    ]
    return min(hits)[1] if hits else None


def bare(around: Around) -> bool:
    """True if only verbs and words of time stand before the figure, and nothing after it: 今年还将新建2个."""
    return _BARE_VERB.fullmatch(around.left) is not None and around.right[:1].strip("，。；、）") == ""


def _overriding(group: str, around: Around) -> str | None:
    """Rules marked first (公益性岗位 anywhere in the item) and phrases around the figure (为N人发放)."""
    for rule in _rules(group, 1, "first"):
        if (rule.act.search(around.left) or (rule.act.search(around.right) and around.open)) and _allowed(
            rule, around.clause
        ):
            return rule.measure
    for rule in _rules(group, 1, "phrase"):
        if rule.act.search(f"{around.left}N{around.right}") and _allowed(rule, around.clause):
            return rule.measure
    return None


def _adjacent(group: str, around: Around) -> str | None:
    for rule in _rules(group, 1, "adjacent"):
        match = rule.act.match(around.right)
        if match and _allowed(rule, around.clause):
            return rule.measure
        end = _last_end(rule.act, around.left)
        if (
            end >= 0
            and len(around.left) - end <= 2
            and not around.right[:1].strip("，。；、）")
            and _allowed(rule, around.clause)
        ):
            return rule.measure
    return None


def find_measure(group: str, around: Around, sentence: str) -> Found | None:
    """The measure of a figure whose counter belongs to `group`, or None if no rule speaks.

    Topic first: in a sentence about water or roads it is `other`, whatever the words at the figure.

    Order: words at the figure; then acts (tiers 1 and 2) and groups (tier 3) in the item, to the right first where the
    figure stands before its noun and no other figure follows; then the same in the clause and in the chain.
    """
    found = _find(group, around)
    if found and found.measure not in _EXEMPT and off_topic(sentence):
        return Found("other", 0.8)
    return found


def _find(group: str, around: Around) -> Found | None:
    near = _adjacent(group, around) or _overriding(group, around)
    if near:
        return Found(near, 1.0)
    listed = len(around.clause_left) > len(around.left) and group in ("people", "household")
    leads = bool(around.right) and around.right[0] not in "，。；、）)：:"
    for tier, strength in ((1, 0.95), (2, 0.8), (3, 0.75)):
        rules = _rules(group, tier)
        if tier == 3 and listed:  # 惠及企业267家、职工1.09万人: the act before the list governs a bare noun in it
            found = _nearest_left((*_rules(group, 1), *_rules(group, 2)), around.clause_left, around.clause)
            if found:
                return Found(found, 0.8)
        if leads and around.open:
            found = _last_right(rules, around.right, around.clause)
            if found:
                return Found(found, strength, tier)
        found = _nearest_left(rules, around.left, around.clause)
        if not found and leads:
            found = _last_right(rules, around.right, around.clause)
        if found:
            return Found(found, strength, tier)
    if group in _OWN_NOUN and (leads or not _BARE_VERB.fullmatch(around.left)):
        return None  # 示范点18个 names what it counts, though no rule knows it
    for tier, strength in ((1, 0.85), (2, 0.7), (3, 0.65)):
        found = _nearest_left((*_rules(group, tier, "first"), *_rules(group, tier)), around.clause_left, around.clause)
        if found:
            return Found(found, strength, tier)
    if group == "money":  # 最高20万元、期限3年的创业担保贷款
        for tier, strength in ((1, 0.7), (2, 0.6)):
            found = _first_right(_rules(group, tier), around.clause.partition("N")[2], around.clause)
            if found:
                return Found(found, strength, tier)
    if group == "percent":
        return None  # a share says what it is a share of, close by
    for tier, strength in ((1, 0.6), (2, 0.5), (3, 0.45))[: 1 if group == "people" else 3]:
        found = _nearest_left((*_rules(group, tier, "first"), *_rules(group, tier)), around.chain, around.chain)
        if found:
            return Found(found, strength, tier)
    return None
