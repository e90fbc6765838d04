"""What articles say that no ledger can answer as it stands, and where they contradict themselves: one kind an article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from zaoxue.demo.facts import ledger_value, placements_target
from zaoxue.demo.figures import Figure
from zaoxue.demo.places import OPENED_ON, Place
from zaoxue.demo.truth import TARGET_YEAR, Truth

_LEDGERS_UNTIL = date(2026, 5, 31)  # the last month whose ledgers are due on the demo's last night
_YEAR = date(TARGET_YEAR, 1, 1), date(TARGET_YEAR, 12, 31)


@dataclass(frozen=True)
class Planted:
    """A figure of an article and what it is worth.

    `ledger_value`: what the ledgers know for it, None where they cannot be asked; then `verdict` and `reason` say why.
    `verdict` is empty where the figure decides it. `contradiction`: the check of the article that it fails, with
    `expected_value` by the article's other figures.
    """

    figure: Figure
    measure: str
    kind: str
    place_code: str
    place_name: str
    first: date | None
    last: date | None
    sentence: str
    ledger_value: float | None = None
    scope: str = "place"
    verdict: str = ""
    reason: str = ""
    contradiction: str = ""
    expected_value: float | None = None


@dataclass(frozen=True)
class _Scene:
    """What a plant can speak of: `place` with its full `name`, a `town` of it, the day of the article, the first months."""

    rng: np.random.Generator
    truth: Truth
    place: Place
    name: str
    town: Place
    published: date

    @property
    def month(self) -> tuple[date, date, str]:
        """The month before the article."""
        first = date(TARGET_YEAR, self.published.month - 1, 1)
        return first, date.fromordinal(self.published.replace(day=1).toordinal() - 1), f"{first.month}月份"

    def some(self, low: int, high: int) -> int:
        """A made-up number."""
        return int(self.rng.integers(low, high))


def plant(
    rng: np.random.Generator, truth: Truth, number: int, place: Place, name: str, town: Place, published: date
) -> list[Planted]:
    """The planted claims of article `number`, in the order of their figures; claims of one sentence share it."""
    return _PLANTS[number % len(_PLANTS)](_Scene(rng, truth, place, name, town, published))


def _exact(value: float, unit: str) -> Figure:
    return Figure(f"{value:g}{unit}", value, value, value, "exact")


def _task_not_met_by_rate(scene: _Scene) -> list[Planted]:
    """More than the task was done, and the article calls it 100 %."""
    task = placements_target(scene.truth, scene.place.code)
    done = task + scene.some(30, 90)
    sentence = f"今年{scene.name}承担帮扶就业任务{task}人，实际帮扶就业{done}人，就业帮扶率达到100%。"
    return [
        *_task_and_result(scene, task, done, sentence),
        Planted(
            _exact(100, "%"),
            "placement_rate",
            "rate",
            scene.place.code,
            scene.name,
            None,
            None,
            sentence,
            verdict="not_comparable",
            reason="other_denominator",
            contradiction="task_rate",
            expected_value=100 * done / task,
        ),
    ]


def _task_met_by_rate(scene: _Scene) -> list[Planted]:
    """The same, with the rate that the two figures give: nothing to object to."""
    task = placements_target(scene.truth, scene.place.code)
    done = task + scene.some(30, 90)
    rate = round(100 * done / task, 1)
    sentence = f"今年{scene.name}承担帮扶就业任务{task}人，实际帮扶就业{done}人，完成任务的{rate:g}%。"
    return [
        *_task_and_result(scene, task, done, sentence),
        Planted(
            _exact(rate, "%"),
            "completion_rate",
            "rate",
            scene.place.code,
            scene.name,
            None,
            None,
            sentence,
            verdict="not_comparable",
            reason="other_denominator",
        ),
    ]


def _task_and_result(scene: _Scene, task: int, done: int, sentence: str) -> list[Planted]:
    known = scene.published <= _LEDGERS_UNTIL
    so_far = ledger_value(scene.truth, "persons_placed", scene.place.code, _YEAR[0], scene.published)
    return [
        Planted(
            _exact(task, "人"), "persons_placed", "target", scene.place.code, scene.name, *_YEAR, sentence, float(task)
        ),
        Planted(
            _exact(done, "人"),
            "persons_placed",
            "actual",
            scene.place.code,
            scene.name,
            _YEAR[0],
            scene.published,
            sentence,
            float(so_far) if known else None,
            verdict="" if known else "no_ledger_data",
            reason="" if known else "ledgers_incomplete",
        ),
    ]


def _part_over_whole(scene: _Scene) -> list[Planted]:
    first, last, when = scene.month
    whole = ledger_value(scene.truth, "persons_trained", scene.place.code, first, last) + 20
    part = whole + scene.some(5, 30)
    sentence = f"{when}，{scene.name}组织技能培训{whole}人，其中脱贫劳动力{part}人。"
    true_value = float(ledger_value(scene.truth, "persons_trained", scene.place.code, first, last))
    common = (scene.place.code, scene.name, first, last, sentence)
    return [
        Planted(_exact(whole, "人"), "persons_trained", "actual", *common, true_value),
        Planted(
            Figure(f"{part}人", part, part, part, "subset"),
            "persons_trained",
            "actual",
            *common,
            scope="part",
            verdict="not_comparable",
            reason="part_of_group",
            contradiction="part",
            expected_value=float(whole),
        ),
    ]


def _two_figures(scene: _Scene) -> list[Planted]:
    first, last, when = scene.month
    true_value = ledger_value(scene.truth, "training_classes", scene.place.code, first, last)
    told = (true_value, true_value + scene.some(4, 20))
    sentences = (
        f"{when}，{scene.name}举办技能培训班{told[0]}期。",
        f"据了解，{when}{scene.name}举办技能培训班{told[1]}期。",
    )
    return [
        Planted(
            _exact(value, "期"),
            "training_classes",
            "actual",
            scene.place.code,
            scene.name,
            first,
            last,
            sentence,
            float(true_value),
            contradiction=check,
            expected_value=expected,
        )
        for value, sentence, check, expected in zip(
            told, sentences, ("", "two_figures"), (None, float(told[0])), strict=True
        )
    ]


def _unanswerable(
    words: str,
    unit: str,
    measure: str,
    verdict: str,
    reason: str,
    *,
    kind: str = "actual",
    scope: str = "place",
    period: Callable[[_Scene], tuple[date | None, date | None]] | None = None,
    where: str = "place",
    range_of_values: tuple[int, int] = (30, 90),
) -> Callable[[_Scene], list[Planted]]:
    """A plant of one sentence. Words: {when} {name} {town} {village} {n}; `where` says whose code the claim has."""

    def planted(scene: _Scene) -> list[Planted]:
        first, last, when = scene.month
        figure = _exact(scene.some(*range_of_values), unit)
        villages = scene.truth.persons.filter(pl.col("township_code") == scene.town.code)["village"].unique().sort()
        village = f"{scene.town.name}{villages[0]}" if len(villages) else scene.town.name
        sentence = words.format(when=when, name=scene.name, town=scene.town.name, village=village, n=figure.text)
        code, place_name = {
            "place": (scene.place.code, scene.name),
            "town": (scene.town.code, scene.town.name),
            "village": (scene.town.code, village),
            "nation": ("", "全国"),
        }[where]
        days = period(scene) if period else (first, last)
        return [
            Planted(
                figure, measure, kind, code, place_name, *days, sentence, scope=scope, verdict=verdict, reason=reason
            )
        ]

    return planted


def _stable_rate(scene: _Scene) -> list[Planted]:
    """What it is worth is decided by the definition of retention, not here."""
    first, last, when = scene.month
    figure = _exact(scene.some(35, 99), "%")
    sentence = f"{when}，{scene.name}就业满半年人员的稳定就业率为{figure.text}。"
    return [
        Planted(
            figure,
            "stable_employment_rate",
            "rate",
            scene.place.code,
            scene.name,
            first,
            last,
            sentence,
            verdict="by_definition",
        )
    ]


_PLANTS: tuple[Callable[[_Scene], list[Planted]], ...] = (
    _task_not_met_by_rate,
    _unanswerable(
        "{when}，{town}的月亮湾服装车间吸纳就业{n}。",
        "人",
        "persons_placed",
        "not_comparable",
        "part_of_place",
        scope="employer",
        where="town",
    ),
    _unanswerable(
        "2018年以来，{name}累计帮扶就业{n}。",
        "人",
        "persons_placed",
        "not_comparable",
        "cumulative",
        period=lambda scene: (date(2018, 1, 1), scene.published),
        range_of_values=(2000, 9000),
    ),
    _task_met_by_rate,
    _part_over_whole,
    _two_figures,
    _unanswerable(
        "{when}，全国帮扶就业{n}。",
        "人",
        "persons_placed",
        "not_comparable",
        "wider_place",
        where="nation",
        range_of_values=(200_000, 900_000),
    ),
    _unanswerable(
        "{when}，{village}帮扶就业{n}。",
        "人",
        "persons_placed",
        "not_comparable",
        "part_of_place",
        scope="village",
        where="village",
    ),
    _unanswerable(
        "{when}，{name}参训学员的就业率达到{n}。",
        "%",
        "placement_rate",
        "not_comparable",
        "other_denominator",
        kind="rate",
    ),
    _unanswerable(
        "去年，{name}帮扶就业{n}。",
        "人",
        "persons_placed",
        "no_ledger_data",
        "before_ledgers",
        period=lambda scene: (date(OPENED_ON.year - 1, 1, 1), date(OPENED_ON.year - 1, 12, 31)),
    ),
    _stable_rate,
    _unanswerable("{when}，{name}扶持自主创业{n}。", "人", "ventures_supported", "no_ledger_data", "no_ledger"),
)
