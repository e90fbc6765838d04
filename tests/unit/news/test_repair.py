"""Repair undoes damage and leaves clean text alone."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.news import damage
from tests.unit.news.clean_text import paragraphs

from zaoxue.news.main_text import decode
from zaoxue.news.repair import LOST, repair


def _equal_but_for_lost(mended: str, clean: str) -> bool:
    pattern = "".join("." if c == LOST else re.escape(c) for c in mended)
    return re.fullmatch(pattern, clean) is not None


def test_a_megabyte_of_clean_text_comes_back_unchanged() -> None:
    clean = paragraphs(370_000, seed=7)
    assert len(clean.encode()) > 1_000_000
    mended = repair(clean)
    assert mended.text == clean
    assert mended.edits == ()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.1, 0.3]), st.booleans())
def test_bytewise_damage_is_undone_but_for_lost_halves(seed: int, share: float, crossing: bool) -> None:
    clean = paragraphs(160, seed)
    rng = random.Random(seed)
    used = sorted({c for c in damage.traditional(clean) if "\u4e00" <= c <= "\u9fff"})
    noted = "".join(c for c in used if rng.random() < share) + ("內驗" if crossing else "")
    damaged = damage.narrow_signs(damage.annotate(damage.traditional(clean), noted))
    mended = repair(damaged)
    assert _equal_but_for_lost(mended.text, clean)
    assert mended.text.count(LOST) <= 6
    assert [mended.text[s:e] for s, e in mended.unmended] == re.findall(f"{LOST}+", mended.text)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_toneless_notes_are_dropped_however_often_they_repeat(seed: int) -> None:
    clean = paragraphs(120, seed)
    rng = random.Random(seed)
    noted = "".join(c for c in sorted(set(clean)) if "\u4e00" <= c <= "\u9fff" and rng.random() < 0.4)
    assert repair(damage.annotate_toneless(clean, noted)).text == clean


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        (
            "扶貧(pín)車間(jiān)的江亮(化名)在(zai)(zai)家,他有執(zhí)照,也有班上(TCL)的證(zhèng),都好",
            "扶贫车间的江亮（化名）在家，他有执照，也有班上（TCL）的证，都好",
        ),
        ("業務(wù)多,業績(wǔ)好,業主也來(lái)了,都來看", "业务多，业绩（wǔ）好，业主也来了，都来看"),
        (
            "規?；?huà)養(yǎng)殖帶(dài)動(dòng)了周邊,農戶(hù)高興(xìng),大家,都好",
            "规模化养殖带动了周边，农户高兴，大家，都好",
        ),
    ],
)
def test_only_a_note_that_is_the_sound_goes(damaged: str, mended: str) -> None:
    assert repair(damaged).text == mended


def test_zhe_and_zhu() -> None:
    assert (
        repair("他看著顯著的變化,捧著一本名著,著力幫扶,心裡踏實著呢").text
        == "他看着显著的变化，捧着一本名著，着力帮扶，心里踏实着呢"
    )


def test_lost_indent_and_wrapped_number() -> None:
    text = "    全区累计为困难群众发放创业担保贷款一百六十八户，共计2479\n          万元，群众的日子越来越好。"
    assert "2479万元" in repair(text).text
    assert repair("????青溪區開展培訓,共有30人參加,效果很好,群眾滿意").text.startswith("青溪区")


def test_private_use_without_a_slip_is_marked_and_not_guessed() -> None:
    mended = repair("培训学员\ue375\ue30e人，帮助30人就业。")
    assert mended.unmended == ((4, 6),)
    assert mended.edits[0].step == "unmended"


@pytest.mark.parametrize(
    "clean",
    [
        "真的吗?!我来了ok。",
        "你说什么??好吧。",
        "他问：“成吗？”",
        "营业时间9:00-17:00，共6,265人。",
        "GDP(亿元)增长5%。",
        "见图(a)和图(b)，著作权归作者。",
    ],
)
def test_odd_but_clean_sentences_stay(clean: str) -> None:
    assert repair(clean).text == clean


def test_every_edit_says_before_and_after() -> None:
    for edit in repair("青溪區(qū)為(wèi)困難(nán)群眾送崗位,辦培訓(xùn),發(fā)補貼").edits:
        assert edit.before != edit.after
        assert edit.step


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(48, 90), st.sampled_from([2, 8, 24]))
def test_lines_cut_inside_a_number_are_joined(seed: int, width: int, indent: int) -> None:
    """A line that ends with its sentence stays a line of its own; no number is left in two parts."""
    clean = paragraphs(900, seed)
    mended = repair(damage.wrap(clean, width, indent)).text
    assert "".join(mended.split()) == "".join(clean.split())
    figure = re.compile(r"\d[\d,.:]*[^\d]")
    assert figure.findall(mended) == figure.findall(clean)


def test_an_address_written_into_a_sentence_goes() -> None:
    mended = repair("6月底yin—hang—123—net，全区培训30人。")
    assert mended.text == "6月底，全区培训30人。"
    assert mended.edits[0].step == "advertising"


def test_every_garbled_run_of_the_seeds_is_restored(shared_folder: Path) -> None:
    """But for the last half character of two runs, whose byte is gone."""
    lost, left = 0, []
    for path in sorted((shared_folder / "data" / "seeds").glob("*.txt")):
        mended = repair(decode(path.read_bytes()))
        lost += mended.text.count(LOST)
        left += re.findall(r"\?|[\ue000-\uf8ff]|\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)", mended.text)
        assert all(e.before and e.before != e.after for e in mended.edits)
    assert left == []
    assert lost == 2
