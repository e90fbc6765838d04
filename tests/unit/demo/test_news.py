"""Articles: every claim stands in its article, is held against the truth rightly, and some pages are spoilt."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.unit.demo.demo_files import SIZE, truth_part

from zaoxue.contracts import load_contracts
from zaoxue.demo import DemoReport
from zaoxue.demo.facts import MEASURES, ledger_value, placements_target
from zaoxue.demo.figures import written_figure
from zaoxue.demo.places import build_province
from zaoxue.demo.text_damage import half_width, plain_pinyin, toned_pinyin, traditional
from zaoxue.demo.truth import simulate
from zaoxue.settings import PROJECT_ROOT


def text_of(path: Path) -> str:
    content = path.read_bytes()
    return content.decode("gb18030" if b'charset="gb18030"' in content else "utf-8")


def test_each_claim_stands_in_its_article(clean_demo: DemoReport) -> None:
    claims = truth_part(clean_demo.folder, "claims")
    assert claims["file"].n_unique() == clean_demo.articles == 24
    for claim in claims.iter_rows(named=True):
        text = text_of(clean_demo.folder / "inbox" / claim["file"])
        assert claim["sentence"] in text
        assert claim["value_text"] in claim["sentence"]
        assert claim["place_name"] in claim["sentence"]


def test_claims_are_held_against_the_truth(clean_demo: DemoReport, damaged_demo: DemoReport) -> None:
    """The figures are counted again here, from the files of the truth, in another way."""
    claims = truth_part(clean_demo.folder, "claims")
    assert claims.equals(truth_part(damaged_demo.folder, "claims"))
    assert {"yes", "no", ""} == set(claims["agrees"])
    answerable = claims.filter(pl.col("agrees") != "")
    assert 0.2 < (answerable["agrees"] == "no").mean() < 0.6
    verdicts = {"agrees", "above", "below", "not_comparable", "no_ledger_data", "by_definition"}
    assert set(claims["verdict"]) <= verdicts
    assert set(claims["contradiction"]) == {"", "task_rate", "part", "two_figures"}
    codes = load_contracts(PROJECT_ROOT / "expectations")["case_report"].by_name
    assert set(claims["measure"]) <= set(codes["measure"].codes.values())
    assert set(claims["qualifier_class"]) <= set(codes["qualifier_class"].codes.values())
    spells = truth_part(clean_demo.folder, "spells").to_dicts()
    for claim in answerable.filter(measure="persons_placed", kind="actual").iter_rows(named=True):
        placed = {
            spell["person_id"]
            for spell in spells
            if spell["township_code"].startswith(claim["place_code"])
            and claim["period_start"] <= spell["started_on"] <= claim["period_end"]
        }
        assert len(placed) == claim["ledger_value"]
    for claim in answerable.iter_rows(named=True):
        within = claim["value_min"] <= claim["ledger_value"] and (
            claim["value_max"] is None or claim["ledger_value"] <= claim["value_max"]
        )
        assert (claim["agrees"] == "yes") is within


def test_some_pages_are_spoilt_and_name_people(damaged_demo: DemoReport) -> None:
    folder = damaged_demo.folder / "inbox" / "news"
    pages = {path.name: text_of(path) for path in folder.rglob("*") if path.is_file()}
    assert len(pages) == 24
    assert sum("業" in page for page in pages.values()) >= 10
    assert sum(bool(re.search(r"\([a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]*\)", page)) for page in pages.values()) >= 3
    assert sum(bool(re.search(r"[\u4e00-\u9fff](\([a-z]+\))\1", page)) for page in pages.values()) >= 3
    assert sum("\n????" in page for page in pages.values()) >= 3
    assert len({path.suffix for path in folder.rglob("*.*")}) == 2
    names = set(truth_part(damaged_demo.folder, "persons")["name"])
    assert sum(any(name in page for name in names) for page in pages.values()) >= 8


def test_spoiling_can_be_undone() -> None:
    rng, text = np.random.default_rng(1), "工作人员对着台账，把服务送到后山的村里；（每月一次）。"
    assert traditional(text) == "工作人員對著臺賬，把服務送到后山的村里；（每月一次）。"
    toned, plain = toned_pinyin(text, rng, 0.5), plain_pinyin(text, rng)
    assert re.sub(r"\([^()]*\)", "", toned) == text != toned
    assert re.sub(r"\([a-z]+\)", "", plain) == text != plain
    assert half_width(text) == "工作人员对着台账,把服务送到后山的村里;(每月一次)。"


@pytest.mark.parametrize("value", [3, 20, 137, 284, 1305, 26])
def test_written_figures_keep_their_promise(value: int) -> None:
    seen = set()
    for seed in range(60):
        figure = written_figure(np.random.default_rng(seed), "persons_placed", value)
        assert figure.least <= value
        assert figure.most is None or value <= figure.most
        assert str(int(figure.value)) in figure.text
        seen.add(figure.qualifier)
    assert seen <= {"exact", "more_than", "nearly"}
    assert len(seen) > 1 or value in (3, 20)


def test_figures_of_a_place() -> None:
    truth = simulate(5, SIZE["people"], build_province(2, 2))
    first, last = date(2026, 1, 1), date(2026, 3, 31)
    whole = ledger_value(truth, "persons_placed", "99", first, last)
    parts = [ledger_value(truth, "persons_placed", d.code, first, last) for d in truth.province.districts]
    assert whole == sum(parts) > 0  # nobody belongs to two districts
    at_work = truth.spells.filter(
        pl.col("started_on") <= last, pl.col("ended_on").is_null() | (pl.col("ended_on") >= last)
    )
    assert ledger_value(truth, "persons_employed", "99", last, last) == at_work.height
    assert placements_target(truth, "99") == truth.targets["placements_target"].sum()
    assert all(ledger_value(truth, measure, "9901", first, last) >= 0 for measure in MEASURES)
    with pytest.raises(ValueError, match="vacancies"):
        ledger_value(truth, "vacancies", "99", first, last)
