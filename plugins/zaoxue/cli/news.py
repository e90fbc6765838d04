"""`zaoxue news`: read articles from the command line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaoxue.cli.news_review import app as review_app

if TYPE_CHECKING:
    from zaoxue.news import Article, Case, Claim

app = typer.Typer(
    help="新闻案例 / case reports: claims of news articles, and repair of damaged text.", no_args_is_help=True
)

app.add_typer(review_app, name="review")

Files = Annotated[
    list[Path], typer.Argument(help="HTML 或文本文件 / HTML or text files", exists=True, dir_okay=False, readable=True)
]


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _claim_json(claim: Claim, article: Article) -> dict[str, Any]:
    from zaoxue.news.doubts import claim_confidence, claim_doubts
    from zaoxue.news.scope import scope_of

    doubts = claim_doubts(claim, article.repairs)
    return {
        "text": claim.text,
        "value": _number(claim.value),
        "value_min": _number(claim.value_min),
        "value_max": _number(claim.value_max),
        "unit": claim.unit,
        "qualifier_class": claim.qualifier_class,
        "is_subset": claim.is_subset,
        "kind": claim.kind,
        "measure": claim.measure,
        "subject": claim.subject,
        "place": claim.place_name,
        "place_code": claim.place_code,
        "period_start": _day(claim.period_start),
        "period_end": _day(claim.period_end),
        "sentence": claim.sentence,
        "sentence_start": claim.sentence_start,
        "start": claim.start,
        "scope": scope_of(claim),
        "confidence": claim_confidence(claim, doubts),
        "doubts": list(doubts),
    }


def _case_json(case: Case) -> dict[str, Any]:
    return {
        "place_code": case.place_code,
        "age_band": case.age_band,
        "hardship_categories": list(case.hardship),
        "actions": [{"action": a, "on": _day(case.dates.get(a))} for a in case.actions],
        "outcome": case.outcome,
        "monthly_wage": case.monthly_wage,
        "evidence": list(case.evidence),
        "sentence_start": case.start,
        "confidence": case.confidence,
        "doubts": list(case.doubts),
    }


@app.command()
def extract(files: Files) -> None:
    """Print claims and cases of each file as JSON: {file stem: {"claims": [...], "cases": [...]}}."""
    from zaoxue.news import NoArticle, PlaceIndex, read_article

    places = PlaceIndex.load()
    out: dict[str, Any] = {}
    refused = 0
    for file in files:
        try:
            article = read_article(file.read_bytes(), source="file", uri=file.name, places=places)
        except NoArticle as reason:
            refused += 1
            typer.echo(f"{file.name}: {reason}", err=True)
            out[file.stem] = {"claims": [], "cases": [], "verdict": reason.verdict, "refused": str(reason)}
            continue
        out[file.stem] = {
            "article_id": article.article_id,
            "titles": list(article.titles),
            "published_on": article.published_on.isoformat() if article.published_on else None,
            "unmended": [list(span) for span in article.unmended],
            "claims": [_claim_json(c, article) for c in article.claims],
            "cases": [_case_json(c) for c in article.cases],
        }
    typer.echo(json.dumps(out, ensure_ascii=False, indent=1))
    if refused:
        raise typer.Exit(1)


@app.command()
def repair(
    files: Files,
    as_json: Annotated[bool, typer.Option("--json", help="文本和修复记录 / text and log as JSON")] = False,
    log: Annotated[bool, typer.Option(help="打印修复记录 / print the log after the text")] = True,
) -> None:
    """Print the mended text of each file, then each repair with the words before and after."""
    from zaoxue.news.main_text import read_main_text
    from zaoxue.news.repair import repair as mend
    from zaoxue.news.verdicts import NoArticle

    out: dict[str, Any] = {}
    refused = 0
    for file in files:
        try:
            page = read_main_text(file.read_bytes(), file.name)
        except NoArticle as reason:
            refused += 1
            typer.echo(f"{file.name}: {reason}", err=True)
            continue
        mended = mend(page.body)
        out[file.stem] = {
            "text": mended.text,
            "unmended": [list(span) for span in mended.unmended],
            "repairs": [vars(edit) for edit in mended.edits],
        }
        if not as_json:
            typer.echo(mended.text)
            for edit in mended.edits if log else ():
                typer.echo(f"{edit.step}\t{edit.start}\t{edit.before!r}\t{edit.after!r}")
    if as_json:
        typer.echo(json.dumps(out, ensure_ascii=False, indent=1))
    if refused:
        raise typer.Exit(1)
