"""Claims of one story: each figure with its measure, kind, place, period, bounds and sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from zaoxue.news.context import around
from zaoxue.news.kinds import PROMOTED, find_kind, story_like, sums_up
from zaoxue.news.locate import Locator, Spot
from zaoxue.news.measures import Around, Found, bare, find_measure
from zaoxue.news.mentions import Mention, find_mentions
from zaoxue.news.periods import find_period
from zaoxue.news.sentences import Sentence, sentences
from zaoxue.news.settle import settle

# Figures of one family nest: 其中 goes on over them.
_FAMILIES = (
    {"persons_trained", "training_classes", "certificates_issued", "employers_engaged"},
    {"loans_issued", "loan_amount", "subsidy_amount"},
)
_STOCKS = {"persons_employed", "hardship_population", "zero_employment_households"}
_WHOLE_SENTENCE, _HEADLINE = 15, 40  # characters
_FEW = 5
_MAY_PASS_100 = {"change_vs_base", "completion_rate"}
_OWN_NOUN = ("thing", "organisation", "event", "class")
_PEOPLE = ("people", "bare")
_NEW_ACT = r"帮助|组织|开展|新增|建成|举办|发放|实现|带动|吸纳|安置|开发|引进|投入|落实|梳理|收集|兑现|认真|动态|积极|深入|扎实|继续|进一步"
_CAP = re.compile(r"最[高多]|上限|不超过|封顶")


@dataclass(frozen=True)
class Claim:
    """One quantitative statement; values in base units (元, 人, percent 0 to 100), offsets in the mended text."""

    text: str
    start: int
    value: Decimal | None
    value_min: Decimal | None
    value_max: Decimal | None
    unit: str
    qualifier_class: str
    is_subset: bool
    kind: str
    measure: str
    subject: str
    place_name: str
    place_code: str
    period_start: date | None
    period_end: date | None
    sentence: str
    sentence_start: int
    confidence: float

    @property
    def promoted(self) -> bool:
        """True for what may be held against the ledgers."""
        return self.kind in PROMOTED


def extract_claims(text: str, locator: Locator, published: date | None = None) -> list[Claim]:
    """Claims of one story in order. `text` is mended, its names masked; `locator` knows its places."""
    claims: list[Claim] = []
    focus: Spot | None = None
    paragraph, story, carried, before = -1, False, False, ""
    previous: list[tuple[Mention, Found | None]] = []
    years = re.findall(r"(20[0-4]\d)年", text)
    context_year = int(max(years)) if years else None
    seen: set[str] = set()
    for sentence in sentences(text):
        if len(sentence.text) >= _WHOLE_SENTENCE and sentence.text in seen:
            continue  # a body printed twice says nothing twice
        seen.add(sentence.text)
        if sentence.paragraph != paragraph:
            carried = story
            paragraph, focus, story, previous, before = sentence.paragraph, None, False, [], ""
        carried = carried and not sums_up(sentence.text)
        story = story_like(sentence.text, story)
        read = _read_sentence(sentence, previous, before)
        before = sentence.text
        for mention, found, words, subset in read:
            spot = locator.at(sentence, sentence.start + mention.start, focus)
            period = find_period(sentence.text[: mention.end], published, context_year)
            # A story goes on over paragraphs for its small numbers only: 3名帮办员走访了4家企业.
            told = story or (carried and (mention.value or 0) <= _FEW)
            claims.append(_claim(sentence, mention, found, words, subset, spot, period, told, published))
        previous = [(m, f) for m, f, _, _ in read] or previous
        focus = locator.focus_after(sentence, focus)
    return _without_headlines([c for c in claims if c.unit])


def _without_headlines(claims: list[Claim]) -> list[Claim]:
    """Drop what a headline only repeats: a short line without a stop, whose figure the body gives too."""

    def headline(claim: Claim) -> bool:
        return len(claim.sentence) <= _HEADLINE and claim.sentence[-1] not in "。！？!?；;”…"

    told = {(c.value, c.unit) for c in claims if not headline(c)}
    return [c for c in claims if not headline(c) or (c.value, c.unit) not in told]


def _read_sentence(
    sentence: Sentence,
    previous: list[tuple[Mention, Found | None]],
    before: str,
) -> list[tuple[Mention, Found | None, Around, bool]]:
    mentions = find_mentions(sentence.text)
    read: list[tuple[Mention, Found | None, Around, bool]] = []
    for mention in mentions:
        words = around(sentence.text, mention, mentions)
        found = find_measure(mention.unit.group, words, sentence.text)
        nested = _nested(sentence.text, mention, mentions, previous)
        if found is None and bare(words) and mention.unit.group in _OWN_NOUN:
            same = [f for m, f in [*previous, *((m, f) for m, f, _, _ in read)] if f and m.unit == mention.unit]
            found = replace(same[-1], strength=0.6) if same else None
        if _takes_over(mention, found, words, nested):
            earlier = _same_group(mention, [*previous, *((m, f) for m, f, _, _ in read)], sentence.text)
            if earlier and earlier.measure != "other":
                found = replace(earlier, strength=min(earlier.strength, 0.75))
        found = settle(mention, found, words, before + sentence.text)
        subset = nested and _is_subset(mention, found, read, sentence.text)
        read.append((mention, found, words, subset))
    return read


def _takes_over(mention: Mention, found: Found | None, words: Around, nested: bool) -> bool:
    """其中贫困劳动力2000人 and 、残疾人30人 count the same act as the figure before them."""
    if mention.unit.group == "money":
        return nested and found is None
    if mention.unit.group not in ("people", "household", "bare"):
        return False
    if (
        found
        and found.measure == "persons_employed"
        and not re.search(r"在岗|务工|稳定|规模|从业", words.left + words.right)
    ):
        return nested
    weak = found is None or found.tier == 3 or found.strength <= 0.6
    return weak and nested


def _same_group(mention: Mention, earlier: list[tuple[Mention, Found | None]], text: str) -> Found | None:
    group = _PEOPLE if mention.unit.group in _PEOPLE else (mention.unit.group,)
    for other, found in reversed(earlier):
        if other.unit.group in group and found:
            return found
    loans = [f for _, f in earlier if f and f.measure in ("loan_amount", "loans_issued")]
    if loans and mention.unit.group in ("people", "household"):
        return replace(loans[0], measure="loans_issued")  # 发放贷款…，其中个体306人909万元
    return None


def _nested(text: str, mention: Mention, mentions: list[Mention], previous: list[tuple[Mention, Found | None]]) -> bool:
    """True if 其中 or 当中 stands before the figure and a figure before that."""
    start = text.rfind("；", 0, mention.start) + 1
    at = max(text.rfind("其中", start, mention.start), text.rfind("当中", start, mention.start))
    if at < 0:
        return False
    opened = text.rfind("（", 0, at)
    if opened >= 0 and "）" in text[at : mention.start]:
        return False
    return any(m.end <= at for m in mentions) or bool(at <= 2 and previous)


def _is_subset(
    mention: Mention, found: Found | None, read: list[tuple[Mention, Found | None, Around, bool]], text: str
) -> bool:
    if mention.unit.group == "percent":
        return False
    at = max(text.rfind("其中", 0, mention.start), text.rfind("当中", 0, mention.start))
    between = text[at : mention.start]
    if "，" not in between.lstrip("其中当，"):
        return True
    totals = {f.measure for m, f, _, _ in read if f and m.end <= at}
    inside = {f.measure for _, f, _, s in read if f and s}
    measure = found.measure if found else "other"
    if measure in totals or any(measure in family and (totals | inside) & family for family in _FAMILIES):
        return not re.search(rf"，(?:累计|全[市县区]|共|同时|已|{_NEW_ACT})", between.lstrip("其中当，"))
    return False


def _claim(
    sentence: Sentence,
    mention: Mention,
    found: Found | None,
    words: Around,
    subset: bool,
    spot: Spot | None,
    period: tuple[date | None, date | None],
    story: bool,
    published: date | None,
) -> Claim:
    small = (
        mention.numeral == "chinese"
        and mention.value is not None
        and mention.value < 10
        and mention.unit.group not in ("percent", "money")
    )
    kind = find_kind(mention, found, words.clause, words.chain, sentence.text, story, small)
    if kind in ("actual", "rate") and published and _years_ahead(words.chain, published):
        kind = "target"
    measure = found.measure if found else "composition_share" if mention.unit.group == "percent" else "other"
    qualifier, low = mention.qualifier, mention.low
    high = mention.high
    if kind == "target" and published and period == (date(published.year, 1, 1), published):
        period = (period[0], date(published.year, 12, 31))  # 今年的目标 is the whole year's
    if measure in _STOCKS and period[0] is None:
        period = (period[1], period[1])  # 截至5月底在岗84人 is so on that day
    if kind in ("time_reference", "ordinal"):
        low = high = None
    if measure == "loan_cap" and qualifier == "exact" and _CAP.search(words.chain + words.clause):
        qualifier, low = "up_to", None
    share = mention.unit.name == "%" and measure not in _MAY_PASS_100
    if share and mention.qualifier in ("at_least", "more_than") and high is None and (mention.value or 0) <= 100:
        high = Decimal(100)
    unit = _unit(mention, measure, sentence.text)
    if mention.unit.group == "bare" and (found is None or measure == "other"):
        unit = ""
    return Claim(
        text=mention.text,
        start=sentence.start + mention.start,
        value=mention.value,
        value_min=low,
        value_max=high,
        unit=unit,
        qualifier_class="subset" if subset and qualifier == "exact" else qualifier,
        is_subset=subset,
        kind=kind,
        measure=measure,
        subject=_subject(sentence.text, mention),
        place_name=spot.name if spot else "",
        place_code=spot.code if spot else "",
        period_start=period[0],
        period_end=period[1],
        sentence=sentence.text,
        sentence_start=sentence.start,
        confidence=_confidence(mention, found, spot),
    )


def _years_ahead(words: str, published: date) -> bool:
    """到2027年建成20个 in an article of 2026."""
    return any(int(year) > published.year for year in re.findall(r"到(20\d\d)年", words))


_PER_TIME = (
    ("学时", r"学时|课时"),
    ("学期", r"每?(?:个)?学期"),
    ("天", r"每天|一天|日工资|日薪|日均|每日|日(?:收入|入)|/天|/日"),
    ("月", r"每(?:个)?月|月(?:工资|收入|薪|均|入|平均|可|能)|一个月|个月|/月|按月|底薪"),
    ("年", r"每年|年(?:工资|收入|薪|均|人均|增收|底?分红|入|可)|一年|全年|/年|年纯?收入|年底"),
)


def _unit(mention: Mention, measure: str, sentence: str) -> str:
    """The unit with what it is per: 元/月, 元/人/年."""
    name = mention.unit.name
    if mention.unit.group == "bare":
        return "元" if measure in ("wage",) else "人"
    if mention.unit.group != "money" or measure not in ("wage", "stipend", "subsidy_rate"):
        return name
    start = max(sentence.rfind(c, 0, mention.start) for c in "。；")
    before = sentence[start + 1 : mention.start]
    after = re.split("[，。；、]", sentence[mention.end : mention.end + 6])[0]
    near = max((before.rfind(c) for c in "，、"), default=-1)
    clause = before[near + 1 :]
    per = ""
    for scope in (after, clause, before) if measure != "subsidy_rate" else (after, clause):
        hits = [(m.end(), unit) for unit, pattern in _PER_TIME for m in re.finditer(pattern, scope)]
        if hits:
            per = max(hits)[1] if scope is not after else min(hits)[1]
            break
    if not per and measure == "wage":
        per = "年" if re.search(r"人均|户均|增收|纯收入", clause) else "月" if re.search(r"工资|薪", clause) else ""
    unit = f"元/{per}" if per else "元"
    if (measure != "wage" and re.search(r"每人|每名|人均|/人", clause + after)) or (
        measure == "wage" and re.search(r"人均|每人", clause)
    ):
        unit = unit.replace("元", "元/人", 1)
    elif re.search(r"户均|每户", clause):
        unit = unit.replace("元", "元/户", 1)
    return unit


_AFTER_ACT = r"参加|实现|开展|就业|在|到|从|被|拿到|找到|上岗|务工|培训|进场|的|提供|就|都|已|正|成为|完成"
_SUBJECT_RIGHT = re.compile(rf"[一-鿿“”]{{2,16}}?(?=$|[，。；、（）：]|{_AFTER_ACT})")
_COUNT_WORDS = re.compile(r"(?:共有?|已|累计|达到?了?|为|有|近|约|超过?|人数|总数|分别|，|、|就业|占|其中)+$")
_ACTS = re.compile(
    r".*(?:帮扶|帮助|培训|吸纳|安置|带动|输转|输送|发放|建成|建设|建立|举办|开展|引进|走访|慰问|实现|组织|开发|新增|认定|招募|设立|提供|投入|共有|现有|其中|今年|目前|全[省市县区镇乡村])"
)


def _subject(sentence: str, mention: Mention) -> str:
    """What the figure counts, in the article's words: the noun after it, or the noun before it."""
    right = _SUBJECT_RIGHT.match(sentence, mention.end)
    if right:
        return right[0]
    start = max(sentence.rfind(c, 0, mention.start) for c in "，。；：（、")
    left = _COUNT_WORDS.sub("", sentence[start + 1 : mention.start])
    noun = _ACTS.sub("", left) or left
    return noun if 2 <= len(noun) <= 24 else ""


def _confidence(mention: Mention, found: Found | None, spot: Spot | None) -> float:
    """From 0 to 1: how near the words were that say what is counted, whether the place is known, how it was written."""
    score = found.strength if found else 0.5
    if spot is None or (spot.level and not spot.code):
        score -= 0.15
    if mention.numeral == "chinese":
        score -= 0.05
    return round(max(0.05, min(1.0, score)), 2)
