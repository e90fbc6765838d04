"""Claims as the columns of expectations/case_report.odcs.yaml."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from zaoxue.news.article import Article
from zaoxue.news.claims import Claim

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
        "period_start": pl.Date,
        "period_end": pl.Date,
        "sentence": pl.String,
        "sentence_start": pl.Int64,
        "confidence": pl.Float64,
        "_uri": pl.String,
        "_row": pl.Int64,
    }
    rows = [
        (
            claim_id(a.article_id, c),
            a.article_id,
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
            c.period_start,
            c.period_end,
            c.sentence,
            c.sentence_start,
            c.confidence,
            a.uri,
            row,
        )
        for a in articles
        for row, c in enumerate(a.claims, 1)
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")
