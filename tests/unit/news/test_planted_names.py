"""Recall and false positives of masking on planted names: each figure is what was reached, less a little."""

from __future__ import annotations

from tests.unit.news.clean_text import paragraphs
from tests.unit.news.labelled import FIXTURE, labelled_articles
from tests.unit.news.planted_names import CUED, PLAIN, planted

from zaoxue.news.names import find_names, mask_names


def _recall(shapes: list[str], seed: int) -> float:
    kept = [
        name in mask_names(f"青溪区就业服务中心开展帮扶。\n{text}")
        for text, names in planted(shapes, 30, seed)
        for name in names
    ]
    return 1 - sum(kept) / len(kept)


def test_names_beside_a_word_of_reporting() -> None:
    assert _recall(CUED, seed=11) >= 0.97


def test_names_in_headlines_and_as_subjects() -> None:
    """Nothing but its neighbours tells that these are names; two characters mentioned once are hardest."""
    assert _recall(PLAIN, seed=11) >= 0.76


def test_a_name_told_once_is_masked_wherever_it_stands() -> None:
    kept = [
        name in mask_names("".join(f"村民{n}说，好。" for n in names) + text)
        for text, names in planted(PLAIN, 20, seed=3)
        for name in names
    ]
    assert sum(kept) / len(kept) <= 0.015, "what is left are surnames that are everyday words: 时, 石家"


def test_clean_text_keeps_its_words() -> None:
    """No name stands in the first, the named ones alone in the second; both are full of 高, 安, 金, 方, 全."""
    assert find_names(paragraphs(60_000, seed=4)) == set()
    later = FIXTURE.with_name("labelled_later.txt")
    named = {"韦春花", "田某"}
    for path in (FIXTURE, later):
        for article in labelled_articles(path):
            assert find_names(article.text) <= named, article.name


def test_an_alias_stays_marked() -> None:
    assert mask_names("小周（化名）每天串珠。张三丰（化名）也来了。") == "小周（化名）每天串珠。张某某（化名）也来了。"
