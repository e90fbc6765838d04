"""Local news about the demo province: articles of our own making whose figures agree with the truth, or do not."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

import numpy as np
import polars as pl

from zaoxue.demo import text_damage
from zaoxue.demo.calendar_days import SHANGHAI
from zaoxue.demo.facts import ledger_value, placements_target
from zaoxue.demo.figures import Figure, written_figure
from zaoxue.demo.news_pages import as_html, as_text
from zaoxue.demo.news_plants import Planted, plant
from zaoxue.demo.places import NEWS_SOURCE, Place
from zaoxue.demo.truth import TARGET_YEAR, Truth

ARTICLES = 24
CLAIM_COLUMNS = (
    "file",
    "published_on",
    "measure",
    "kind",
    "place_code",
    "place_name",
    "period_start",
    "period_end",
    "stated_value",
    "value_min",
    "value_max",
    "qualifier_class",
    "value_text",
    "ledger_value",
    "agrees",
    "scope",
    "verdict",
    "reason",
    "contradiction",
    "expected_value",
    "sentence",
)
CASE_COLUMNS = ("file", "place_code", "hardship_categories", "actions", "outcome", "monthly_wage", "sentence")
_SHARE_WRONG = 0.35

# Wording by measure: {place} {when} {n}; the number already carries its qualifier and its unit.
_SENTENCES = {
    "persons_placed": (
        "{when}，{place}帮助求职群众{n}走上工作岗位。",
        "据统计，{place}{when}实现就业{n}。",
        "{when}，通过上门问需和专人对接，{place}已帮扶就业{n}。",
    ),
    "persons_employed": ("截至{until}，{place}登记在册的劳动力中在岗就业{n}。",),
    "public_posts": ("{when}，{place}用公益性岗位安置{n}，保洁、护林、助老都有人做。",),
    "persons_trained": (
        "{when}，{place}组织技能培训{n}，缝纫、养老护理和电工最受欢迎。",
        "{place}把课堂开到村头，{when}参加职业技能培训的群众有{n}。",
    ),
    "certificates_issued": ("{when}，{place}共有学员{n}取得职业技能证书。",),
    "loans_issued": ("{when}，{place}各合作银行发放创业类贷款{n}。",),
    "loan_amount": ("{when}，{place}发放创业类贷款总额{n}。",),
}
_OPENINGS = (
    "清早的{place}便民服务大厅里，工作人员正对照花名册逐户拨打电话，询问求职意愿。",
    "雨后的{place}，村口的招聘小黑板又换上了新内容，过路的乡亲停下脚步细看。",
    "“家门口有活干，心里就踏实。”这是记者在{place}走访时听到最多的一句话。",
    "春耕刚过，{place}的劳务专班就把岗位信息送进了各个村子。",
)
# What is told of a person: the words, the hardship they name, and the actions in their order.
_STORIES = (
    (
        "{village}村民{name}去年在家照看老人，今年经服务站介绍到{employer}上班，每月工资{wage}元。",
        "|caring|",
        "referral>placement",
    ),
    (
        "家住{village}的{name}起初担心自己年纪大，工作人员三次上门鼓励，如今{name}在{employer}干得顺手，月收入{wage}元。",
        "|older|",
        "follow_up>placement",
    ),
    ("{name}是{village}人，参加完培训便被{employer}录用，每个月能拿{wage}元。", "", "training>placement"),
)
_CLOSINGS = (
    "下一步，{place}将继续按月回访，把不稳定就业的群众及时接回服务台账。",
    "{place}相关负责人表示，台账要做实，回访要跟上，不让一个愿意干活的人掉队。",
)
_TITLES = (
    "{place}：把岗位送到家门口",
    "{place}就业帮扶见实效",
    "小台账连着大民生——{place}就业服务见闻",
    "{place}：一人一策稳就业",
    "走进{place}看就业",
)


class FileWriter(Protocol):
    """What the articles are written with."""

    def write_text(self, file: str, content: bytes, received: datetime) -> None:
        """Store a file of the inbox with its time of receipt."""


@dataclass
class Article:
    """An article while it is being written; each claim is a line of truth/claims.csv without the file."""

    title: str
    published_on: date
    paragraphs: list[str] = field(default_factory=list)
    claims: list[dict[str, object]] = field(default_factory=list)
    cases: list[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True)
class News:
    """What was written: number of articles, truth/claims.csv (CLAIM_COLUMNS) and truth/cases.csv (CASE_COLUMNS)."""

    articles: int
    claims: pl.DataFrame
    cases: pl.DataFrame


def write_news(rng: np.random.Generator, truth: Truth, writer: FileWriter, *, damage: bool, as_of: date) -> News:
    """Write the articles published by `as_of`."""
    claims: list[dict[str, object]] = []
    cases: list[dict[str, object]] = []
    folder = f"news/{NEWS_SOURCE[0]}_{NEWS_SOURCE[1]}"
    written = 0
    for number in range(ARTICLES):
        composing, spoiling = rng.spawn(2)  # so that damage does not change what an article says
        article = _compose(composing, truth, number)
        moment = timedelta(hours=7, minutes=int(composing.integers(0, 600)))
        form = number % 6
        if damage:
            _spoil(article, form, spoiling)
        if article.published_on > as_of:
            continue
        suffix = "txt" if form in (2, 4) else "html"
        encoding = "gb18030" if form == 5 else "utf-8"
        file = f"{folder}/{article.published_on:%Y%m%d}_{number + 1:02d}.{suffix}"
        page = as_text(article) if suffix == "txt" else as_html(article, number, encoding)
        received = datetime.combine(article.published_on, time(), SHANGHAI) + moment
        writer.write_text(file, page.encode(encoding), received)
        claims += [{"file": file, "published_on": article.published_on, **claim} for claim in article.claims]
        cases += [{"file": file, **case} for case in article.cases]
        written += 1
    return News(
        written,
        pl.DataFrame(
            [tuple(claim.get(column) for column in CLAIM_COLUMNS) for claim in claims],
            schema=_claim_schema(),
            orient="row",
        ),
        pl.DataFrame(
            [tuple(case[column] for column in CASE_COLUMNS) for case in cases],
            schema={c: pl.Float64 if c == "monthly_wage" else pl.String for c in CASE_COLUMNS},
            orient="row",
        ),
    )


def _compose(rng: np.random.Generator, truth: Truth, number: int) -> Article:
    """One article about a district, or about a township (named with its district)."""
    month = int(rng.integers(1, 6))
    published = date(2026, month + 1, 1) + timedelta(days=int(rng.integers(1, 27)))
    district = truth.province.districts[number % len(truth.province.districts)]
    towns = [town for town in truth.province.townships if town.parent == district.code]
    town = towns[int(rng.integers(0, len(towns)))]
    local = number % 3 == 1
    place, name = (town, f"{district.name}{town.name}") if local else (district, district.name)
    article = Article(_pick(rng, _TITLES).format(place=name), published)
    article.paragraphs.append(_pick(rng, _OPENINGS).format(place=name))
    measures = [
        "persons_placed",
        str(rng.choice(["persons_trained", "certificates_issued"])),
        str(rng.choice(["persons_employed", "public_posts"])),
    ]
    if not local:
        measures.append(str(rng.choice(["loans_issued", "loan_amount"])))
    sentences = [_state(rng, truth, article, measure, place, name, month) for measure in measures]
    article.paragraphs.append("".join(sentences[:2]))
    article.paragraphs.append(_story(rng, truth, article, town) + "".join(sentences[2:]))
    if not local and number % 2:
        article.paragraphs.append(_task(truth, article, place, name))
    planted = plant(rng, truth, number, place, name, town, published)
    for claim in planted:
        _claim(article, claim)
    article.paragraphs.append("".join(dict.fromkeys(claim.sentence for claim in planted)))
    article.paragraphs.append(_pick(rng, _CLOSINGS).format(place=name))
    return article


def _state(
    rng: np.random.Generator, truth: Truth, article: Article, measure: str, place: Place, name: str, month: int
) -> str:
    """A sentence with a figure; some figures are wrong on purpose."""
    first, last, when = _span(rng, month)
    true_value = ledger_value(truth, measure, place.code, first, last)
    value = true_value
    if rng.random() < _SHARE_WRONG:
        value = _mistaken(rng, measure, true_value)
    figure = written_figure(rng, measure, value)
    sentence = _pick(rng, _SENTENCES[measure]).format(place=name, when=when, until=f"{last.month}月底", n=figure.text)
    start = last if measure == "persons_employed" else first
    _claim(article, Planted(figure, measure, "actual", place.code, name, start, last, sentence, true_value))
    return sentence


def _mistaken(rng: np.random.Generator, measure: str, value: int) -> int:
    """A figure well above the truth, money in whole 万元."""
    more = int(value * rng.uniform(1.15, 1.9))
    return (more // 10_000 + 3) * 10_000 if measure == "loan_amount" else max(more, value + 3)


def _task(truth: Truth, article: Article, place: Place, name: str) -> str:
    value = placements_target(truth, place.code)
    figure = Figure(f"{value}人", float(value), float(value), float(value), "exact")
    sentence = f"今年{name}的目标是帮扶就业{figure.text}。"
    year = date(TARGET_YEAR, 1, 1), date(TARGET_YEAR, 12, 31)
    _claim(article, Planted(figure, "persons_placed", "target", place.code, name, *year, sentence, value))
    return sentence


def _claim(article: Article, claim: Planted) -> None:
    figure, true_value = claim.figure, claim.ledger_value
    agrees = (
        true_value is not None and figure.least <= true_value and (figure.most is None or true_value <= figure.most)
    )
    verdict = claim.verdict or ("agrees" if agrees else "above" if (true_value or 0) < figure.least else "below")
    article.claims.append(
        {
            "measure": claim.measure,
            "kind": claim.kind,
            "place_code": claim.place_code,
            "place_name": claim.place_name,
            "period_start": claim.first,
            "period_end": claim.last,
            "stated_value": figure.value,
            "value_min": figure.least,
            "value_max": figure.most,
            "qualifier_class": figure.qualifier,
            "value_text": figure.text,
            "ledger_value": None if true_value is None else float(true_value),
            "agrees": "" if true_value is None else "yes" if agrees else "no",
            "scope": claim.scope,
            "verdict": verdict,
            "reason": claim.reason,
            "contradiction": claim.contradiction,
            "expected_value": claim.expected_value,
            "sentence": claim.sentence,
        }
    )


def _story(rng: np.random.Generator, truth: Truth, article: Article, town: Place) -> str:
    """A person's own case, with the name, as papers print it; none where nobody of the township has worked by `day`."""
    spells = truth.spells.filter(
        pl.col("township_code") == town.code,
        pl.col("employer_name").is_not_null(),
        pl.col("started_on") <= article.published_on,
    )
    if spells.is_empty():
        return ""
    spell = spells.row(int(rng.integers(0, spells.height)), named=True)
    village = truth.persons.row(by_predicate=pl.col("person_id") == spell["person_id"], named=True)["village"]
    words, hardship, actions = _STORIES[int(rng.integers(0, len(_STORIES)))]
    wage = spell["monthly_wage"]
    sentence = words.format(
        village=f"{town.name}{village}", name=spell["name"], employer=spell["employer_name"], wage=wage
    )
    article.cases.append(
        {
            "place_code": town.code,
            "hardship_categories": hardship,
            "actions": actions,
            "outcome": "public_post" if spell["is_public_post"] else "employed",
            "monthly_wage": float(wage),
            "sentence": sentence,
        }
    )
    return sentence


def _span(rng: np.random.Generator, month: int) -> tuple[date, date, str]:
    """First day, last day, and the words for it; months are of 2026."""
    last = date(2026, month, calendar.monthrange(2026, month)[1])
    draw = rng.random()
    if draw < 0.4:
        return last.replace(day=1), last, f"{month}月份"
    if month == 3 and draw < 0.6:
        return date(2026, 1, 1), last, "今年一季度"
    if month == 1:
        return date(2026, 1, 1), last, "今年1月"
    return date(2026, 1, 1), last, f"今年1至{month}月"


def _spoil(article: Article, form: int, rng: np.random.Generator) -> None:
    """One in two articles is spoilt; which way goes by its number. The first paragraph gets no plain pinyin."""
    changes: dict[int, Callable[[str], str]] = {
        1: lambda text: text_damage.half_width(text_damage.toned_pinyin(text_damage.traditional(text), rng)),
        3: lambda text: text_damage.plain_pinyin(text_damage.traditional(text), rng),
        4: lambda text: text_damage.lost_indent(text_damage.half_width(text_damage.traditional(text))),
    }
    if form not in changes:
        return
    change = changes[form]
    article.title = text_damage.traditional(article.title)
    first = text_damage.traditional(article.paragraphs[0]) if form == 3 else change(article.paragraphs[0])
    article.paragraphs = [first, *(change(paragraph) for paragraph in article.paragraphs[1:])]


def _pick(rng: np.random.Generator, choices: tuple[str, ...]) -> str:
    return choices[int(rng.integers(0, len(choices)))]


def _claim_schema() -> dict[str, type[pl.DataType]]:
    days = {"published_on", "period_start", "period_end"}
    numbers = {"stated_value", "value_min", "value_max", "ledger_value", "expected_value"}
    return {
        column: pl.Date if column in days else pl.Float64 if column in numbers else pl.String
        for column in CLAIM_COLUMNS
    }
