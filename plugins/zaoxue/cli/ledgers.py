"""Single files: `zaoxue load` by hand, `withdraw`, `release`, `resend`, their `receipt`, and an empty `template`."""

from __future__ import annotations

import getpass
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaoxue.nightly import start_databases
from zaoxue.settings import Settings, load_settings
from zaoxue.warehouse.database import connect

if TYPE_CHECKING:
    from zaoxue.pipeline.release import Reprocessed
# Each verb imports what it runs: the gate and its libraries cost seconds that `zaoxue --help` need not wait.


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("load")(load)
    app.command("template")(template)
    app.command("receipt")(receipt)
    app.command("withdraw")(withdraw_submission)
    app.command("release")(release_submission)
    app.command("resend")(resend_submission)


def load(
    paths: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Ledgers to load.")],
    organisation: Annotated[str, typer.Option("--organisation", "-o", help="Code of the organisation that sent them.")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Load ledgers by hand: they are put into the sender's folder of the inbox and loaded at once."""
    from zaoxue.inbox.discover import LEDGER_SUFFIXES, discover
    from zaoxue.pipeline import load_files
    from zaoxue.receipts import make_receipts

    settings = load_settings()
    start_databases(settings)
    folder = settings.inbox / _folder(organisation)
    folder.mkdir(parents=True, exist_ok=True)
    uris = []
    for path in paths:
        target = folder / path.name
        if target.exists() and target.read_bytes() != path.read_bytes():
            typer.echo(f"{target} is there with other content; give the new file another name 请换一个文件名", err=True)
            raise typer.Exit(1)
        if not target.exists():
            shutil.copyfile(path, target)
        uris.append(target.relative_to(settings.inbox).as_posix())
    with connect(settings) as connection:
        files = [file for file in discover(settings.inbox, LEDGER_SUFFIXES, connection) if file.uri in uris]
    report = load_files(settings, "by hand", files, subject=organisation)
    make_receipts(settings, "by hand", [file.uri for file in files])
    with connect(settings) as connection:
        lines = connection.execute(
            "select source_uri, feed, period, state, rows_accepted, rows_quarantined, reason_zh, reason_en"
            " from ops.submission where source_uri = any(%s) order by loaded_at, source_uri",
            [uris],
        ).fetchall()
    if as_json:
        names = ("file", "feed", "period", "state", "rows_accepted", "rows_quarantined", "reason_zh", "reason_en")
        typer.echo(json.dumps([dict(zip(names, line, strict=True)) for line in lines], ensure_ascii=False))
    else:
        for file, feed, period, state, accepted, quarantined, zh, en in lines:
            typer.echo(
                f"{file}: {state} · {feed} {period} · {accepted} accepted, {quarantined} quarantined"
                + (f"\n  {zh}\n  {en}" if zh else "")
            )
    raise typer.Exit(1 if report.states["rejected"] else 0)


def template(
    feed: Annotated[str, typer.Argument(help="Feed, for example placement.")],
    out: Annotated[Path | None, typer.Option(help="File to write (default: <ledger>_模板.xlsx here).")] = None,
) -> None:
    """Write an empty workbook for clerks, with drop-downs and the rules as notes."""
    from zaoxue.contracts import load_contracts
    from zaoxue.contracts.template import write_template
    from zaoxue.gate import suite_of

    contracts = load_contracts(load_settings().contracts)
    if feed not in contracts:
        typer.echo(f"No feed {feed}. Feeds: {', '.join(contracts)}", err=True)
        raise typer.Exit(2)
    path = out or Path(f"{contracts[feed].title}_模板.xlsx")
    write_template(contracts[feed], path, suite_of(contracts[feed]))
    typer.echo(str(path))


Submission = Annotated[str, typer.Argument(metavar="SUBMISSION", help="Its id, as status, why and receipts show it.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides (default: the user of this computer).")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def receipt(submission: Submission, as_json: AsJson = False) -> None:
    """Print where the receipt of a submission lies; it is made again if it is gone."""
    from zaoxue.receipts import receipt_path

    settings = load_settings()
    start_databases(settings)
    path = receipt_path(settings, submission)
    if path is None:
        typer.echo(f"没有 {submission} 的回执 There is no receipt of {submission}", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps({"submission_id": submission, "path": str(path)}, ensure_ascii=False) if as_json else path)


def withdraw_submission(
    submission: Submission,
    reason: Annotated[str, typer.Option(help="Why it must not count.")],
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take a submission back: what it said is unsaid, and the version before it stands again."""
    from zaoxue.pipeline.withdraw import withdraw
    from zaoxue.receipts import make_receipts

    settings = load_settings()
    start_databases(settings)
    with _refusing():
        done = withdraw(settings, submission, reason, by or getpass.getuser())
    make_receipts(settings, "by hand")
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    if done.was == "withdrawn":
        typer.echo(f"{done.submission_id}: 早已撤回 withdrawn before; nothing to do")
        return
    typer.echo(
        f"{done.submission_id}: 已撤回 withdrawn ({done.was}) · 删除 removed {done.rows_removed}, 恢复 reopened {done.rows_reopened}"
        + (f" · 恢复有效 stands again: {done.stands_again}" if done.stands_again else "")
    )
    for other in done.set_aside:
        typer.echo(f"  曾因其后到或重复而未入库 was set aside: {other}  ->  zaoxue resend {other}")


def release_submission(
    submission: Submission,
    reason: Annotated[str, typer.Option(help="Why it may load as it is.")],
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Let a held submission load although a soft limit holds it."""
    from zaoxue.pipeline.release import release

    settings = load_settings()
    start_databases(settings)
    with _refusing():
        done = release(settings, submission, reason, by or getpass.getuser())
    _tell(settings, done, as_json)


def resend_submission(
    submission: Submission,
    reason: Annotated[str, typer.Option(help="Why, for example which contract has changed.")] = "",
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Process a registered file again from the archive, with what the contracts say now."""
    from zaoxue.pipeline.release import resend

    settings = load_settings()
    start_databases(settings)
    with _refusing():
        done = resend(settings, submission, reason, by or getpass.getuser())
    _tell(settings, done, as_json)


def _tell(settings: Settings, done: Reprocessed, as_json: bool) -> None:
    from zaoxue.receipts import make_receipts

    make_receipts(settings, "by hand")
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        for submission, state in done.became.items():
            typer.echo(
                f"{submission}: {done.was} -> {state} · {done.rows_accepted} accepted, {done.rows_quarantined} quarantined"
            )
    counts = ("accepted", "accepted_with_rejects", "stale", "duplicate", "superseded")
    raise typer.Exit(0 if all(state in counts for state in done.became.values()) else 1)


@contextmanager
def _refusing() -> Iterator[None]:
    from zaoxue.pipeline.acts import ActError

    try:
        yield
    except ActError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _folder(organisation: str) -> str:
    with connect(load_settings()) as connection:
        row = connection.execute(
            "select name, kind, district_code, (select name from ops.organisation d where d.organisation_code = o.district_code)"
            " from ops.organisation o where organisation_code = %s",
            [organisation],
        ).fetchone()
    if row is None:
        typer.echo(f"No organisation {organisation} in the registry 登记表中没有该单位", err=True)
        raise typer.Exit(2)
    name, kind, district, district_name = row
    own = f"{organisation}_{name}"
    return f"{district}_{district_name}/{own}" if kind == "township" else own
