"""The review queue on the board: what waits is shown, and a person's decision is taken as it is meant."""

from __future__ import annotations

import pytest

from tests.pipeline.conftest import Night
from tests.pipeline.test_load import query
from tests.pipeline.test_news_review import unsure, write
from tests.unit.board.conftest import ENGINEER, browser_for
from zaoxue.settings import Settings


def test_a_correction_changes_what_the_form_changed_and_nothing_else(settings: Settings, night: Night) -> None:
    write(settings)
    item, engineer = unsure(settings), browser_for(settings)(ENGINEER)
    page = engineer.get("/zaoxue/review").text
    assert item.sentence in page
    assert item.item_id in page
    form = {name: "" if item.reads[name] is None else str(item.reads[name]) for name in item.reads}
    address = f"/zaoxue/review/{item.item_id}"
    for wrong in (
        {"decision": "correct", "reason": "改一改", **form},  # nothing is changed
        {"decision": "correct", "reason": "改一改", **form, "value": "许多"},
        {"decision": "accept", "reason": " "},
        {"decision": "burn", "reason": "看过原文"},
    ):
        assert engineer.post(address, data=wrong).status_code == 409, wrong
    assert query(settings, "select count(*) from ops.news_decision") == [(0,)]
    done = engineer.post(address, data={"decision": "correct", "reason": "看过原文", **form, "value": "66"})
    assert done.status_code == 200
    assert "已更正并记录" in done.text
    assert item.item_id not in done.text
    assert query(settings, "select decision, reason, decided_by, value::int, value_min::int, measure from ops.news_decision") == [
        ("correct", "看过原文", ENGINEER, 66, 66, item.reads["measure"])
    ]  # fmt: skip
    gone = engineer.post(address, data={"decision": "reject", "reason": "再看"})
    assert gone.status_code == 404


@pytest.mark.parametrize(("decision", "word"), [("accept", "已通过"), ("reject", "已剔除")])
def test_accepting_and_rejecting(settings: Settings, night: Night, decision: str, word: str) -> None:
    write(settings)
    item, engineer = unsure(settings), browser_for(settings)(ENGINEER)
    done = engineer.post(f"/zaoxue/review/{item.item_id}", data={"decision": decision, "reason": "看过原文"})
    assert word in done.text
    assert query(settings, "select decision, decided_by from ops.news_decision") == [(decision, ENGINEER)]
