"""One story on several sites is one; two reports of one office are two."""

from __future__ import annotations

import re

import pytest
from tests.unit.news.clean_text import paragraphs
from tests.unit.news.labelled import FIXTURE, labelled_articles

from zaoxue.news.same_story import same_story, sketch

STORY = paragraphs(1200, seed=5)


@pytest.mark.parametrize(
    "reprint",
    [
        STORY,
        "【就业】岗位送到家门口\n来源：青江日报 作者：本报记者\n" + STORY + "\n（责任编辑：本网）",
        STORY.replace("。", "。\n").replace("，", ","),
        "".join(s for i, s in enumerate(re.split(r"(?<=。)", STORY)) if i % 9 or re.search(r"\d", s)),
    ],
)
def test_a_reprint_is_the_same_story(reprint: str) -> None:
    assert same_story(sketch(STORY), sketch(reprint))


def test_the_same_report_a_month_later_is_another_story() -> None:
    numbers = iter(range(100, 10_000))
    later = re.sub(r"\d{2,}", lambda m: str(int(m[0]) + next(numbers)), STORY)
    assert not same_story(sketch(STORY), sketch(later))


def test_different_articles_are_different_stories() -> None:
    sketches = [sketch(a.text) for a in labelled_articles(FIXTURE)]
    assert not any(same_story(a, b) for i, a in enumerate(sketches) for b in sketches[:i])


def test_short_texts_are_the_same_only_if_equal() -> None:
    assert same_story(sketch("培训30人。"), sketch("培训30人。"))
    assert not same_story(sketch("培训30人。"), sketch("培训31人。"))
