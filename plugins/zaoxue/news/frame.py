"""Claims and cases as the columns of expectations/case_report.odcs.yaml and case_story.odcs.yaml."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from zaoxue.news.article import Article
from zaoxue.news.cases import ACTIONS, Case
from zaoxue.news.claims import Claim
from zaoxue.news.doubts import claim_confidence, claim_doubts
from zaoxue.news.scope import place_level, scope_of

if TYPE_CHECKING:
    import polars


def claim_id(article_id: str, claim: Claim) -> str:
    """First 32 hex digits of SHA-256 over article, sentence offset, place in the sentence, words and measure."""
    words = (article_id, str(claim.sentence_start), str(claim.start - claim.sentence_start), claim.text, claim.measure)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def claims_frame(articles: Iterable[Article]) -> polars.DataFrame:
    """One row for each claim: the contract's columns, then `_uri` (the article's file) and `_row` (from 1 in it)."""
    import polars as pl

    schema: dict[str, Any] = {
        "claim_id": pl.String,
        "article_id": pl.String,
        "article_version": pl.String,
        "source": pl.String,
        "published_on": pl.Date,
        "measure": pl.String,
        "kind": pl.String,
        "subject": pl.String,
        "value": pl.Float64,
        "value_min": pl.Float64,
        "value_max": pl.Float64,
        "value_text": pl.String,
        "unit": pl.String,
        "qualifier_class": pl.String,
        "is_subset": pl.Boolean,
        "place_name": pl.String,
        "place_code": pl.String,
        "place_level": pl.Int64,
        "scope": pl.String,
        "period_start": pl.Date,
        "period_end": pl.Date,
        "sentence": pl.String,
        "sentence_start": pl.Int64,
        "confidence": pl.Float64,
        "doubts": pl.String,
        "_uri": pl.String,
        "_row": pl.Int64,
    }
    rows = [
        (
            claim_id(a.article_id, c),
            a.article_id,
            a.version,
            a.source,
            a.published_on,
            c.measure,
            c.kind,
            c.subject or None,
            _number(c.value),
            _number(c.value_min),
            _number(c.value_max),
            c.text,
            c.unit or None,
            c.qualifier_class,
            c.is_subset,
            c.place_name or None,
            c.place_code or None,
            place_level(c),
            scope_of(c),
            c.period_start,
            c.period_end,
            c.sentence,
            c.sentence_start,
            claim_confidence(c, doubts),
            "|".join(doubts) or None,
            a.uri,
            row,
        )
        for a in articles
        for row, c, doubts in ((row, c, claim_doubts(c, a.repairs)) for row, c in enumerate(a.claims, 1))
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def case_id(article_id: str, case: Case) -> str:
    """First 32 hex digits of SHA-256 over article and the offset of the story's first sentence."""
    return hashlib.sha256(f"{article_id}\ncase\n{case.start}".encode()).hexdigest()[:32]


def cases_frame(articles: Iterable[Article]) -> polars.DataFrame:
    """One row for each case: the columns of case_story, then `_uri` (the article's file) and `_row` (from 1 in it)."""
    import polars as pl

    texts = ("case_id", "article_id", "article_version", "source")
    schema: dict[str, Any] = dict.fromkeys(texts, pl.String)
    schema |= {"published_on": pl.Date, "place_code": pl.String, "age_band": pl.String}
    schema |= {"hardship_categories": pl.String, "actions": pl.String}
    schema |= {f"{action}_on": pl.Date for action in ACTIONS}
    schema |= {"outcome": pl.String, "monthly_wage": pl.Float64, "evidence": pl.String, "sentence_start": pl.Int64}
    schema |= {"confidence": pl.Float64, "doubts": pl.String, "_uri": pl.String, "_row": pl.Int64}
    rows = [
        (
            case_id(a.article_id, c),
            a.article_id,
            a.version,
            a.source,
            a.published_on,
            c.place_code or None,
            c.age_band,
            "|".join(c.hardship) or None,
            ">".join(c.actions),
            *(c.dates.get(action) for action in ACTIONS),
            c.outcome,
            c.monthly_wage,
            "".join(c.evidence),
            c.start,
            c.confidence,
            "|".join(c.doubts) or None,
            a.uri,
            row,
        )
        for a in articles
        for row, c in enumerate(a.cases, 1)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")
