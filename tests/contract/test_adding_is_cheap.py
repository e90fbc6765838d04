"""What it takes to add something, counted in files and lines."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from tests.fixtures.specimen import book
from tests.pipeline.conftest import Night, night  # noqa: F401 - a fixture
from tests.pipeline.ledgers import PLACEMENT_HEADER, TOWN, deliver, placement, resident_id, write_xlsx
from zaoxue.contracts import load_contracts
from zaoxue.inbox import discover
from zaoxue.inbox.discover import LEDGER_SUFFIXES
from zaoxue.pipeline import load_files
from zaoxue.pipeline.release import resend
from zaoxue.settings import Settings
from zaoxue.submissions.obligations import generate_obligations
from zaoxue.submissions.registry import load_registry
from zaoxue.warehouse.database import connect

HEADER = "organisation_code,name,kind,parent_code,opened_on,closed_on,alert_urls\n"
PROJECT = Path(__file__).resolve().parents[2]


def insert_line(path: Path, after: str, line: str) -> None:
    """One line more, after the first that holds `after`."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(i for i, text in enumerate(lines) if after in text)
    path.write_text("".join([*lines[: place + 1], line + "\n", *lines[place + 1 :]]), encoding="utf-8")


def with_contracts(settings: Settings, tmp_path: Path) -> Settings:
    folder = tmp_path / "expectations"
    shutil.copytree(settings.contracts, folder)
    return replace(settings, contracts=folder)


def load_again(settings: Settings) -> dict[str, object]:
    with connect(settings) as connection:
        files = discover(settings.inbox, LEDGER_SUFFIXES, connection)
    return load_files(settings, "test", files).as_dict()


def test_a_district_is_one_line_of_data(settings: Settings) -> None:
    registry = settings.inbox / "organisations.csv"
    registry.write_text(HEADER + "990101,青溪区,district,,2026-01-01,,\n", encoding="utf-8")
    from datetime import date

    def owed() -> int:
        with connect(settings) as connection:
            load_registry(connection, settings.inbox)
            generate_obligations(connection, load_contracts(settings.contracts), date(2026, 6, 30))
            row = connection.execute("select count(distinct organisation_code) from ops.obligation").fetchone()
            return row[0] if row else 0

    assert owed() == 1
    insert_line(registry, "990101", "990102,石塘区,district,,2026-01-01,,")
    assert owed() == 2


def test_a_due_time_is_one_line_of_one_contract(settings: Settings, tmp_path: Path) -> None:
    from datetime import date

    settings = with_contracts(settings, tmp_path)
    (settings.inbox / "organisations.csv").write_text(
        HEADER + "990101,青溪区,district,,2026-01-01,,\n990101001,柳桥镇,township,990101,2026-01-01,,\n",
        encoding="utf-8",
    )

    def due() -> object:
        with connect(settings) as connection:
            load_registry(connection, settings.inbox)
            generate_obligations(connection, load_contracts(settings.contracts), date(2026, 6, 30))
            return connection.execute(
                "select due_at from ops.obligation where feed = 'placement' and period = '2026-03'"
            ).fetchone()

    before = due()
    path = settings.contracts / "placement.odcs.yaml"
    changed = path.read_text(encoding="utf-8").replace(
        "{property: dueWorkingDay, value: 5,", "{property: dueWorkingDay, value: 8,"
    )
    path.write_text(changed, encoding="utf-8")
    assert due() != before


def test_a_header_alias_is_one_line_of_one_contract(settings: Settings, night: Night, tmp_path: Path) -> None:  # noqa: F811 - a fixture
    header = [word.replace("就业渠道", "通过何种途径就业") for word in PLACEMENT_HEADER]
    row = placement(1)
    path = write_xlsx(
        settings.inbox / TOWN / "就业台账_2026年5月.xlsx", [header, [row[word] for word in PLACEMENT_HEADER]]
    )
    deliver(path, "2026-06-03T10:00")
    assert night().states["rejected"] == 1
    settings = with_contracts(settings, tmp_path)
    insert_line(
        settings.contracts / "placement.odcs.yaml",
        "businessName: 就业渠道",
        "        synonyms: [{synonym: 通过何种途径就业, locale: zh-CN}]",
    )
    deliver(path, "2026-06-03T11:00")
    assert load_again(settings)["rows_inserted"] == 1


def test_a_header_of_a_closing_sheet_is_one_line_of_one_contract(
    settings: Settings,
    night: Night,  # noqa: F811 - a fixture
    tmp_path: Path,
) -> None:
    sheets = {
        "就业": [PLACEMENT_HEADER, *([placement(n)[word] for word in PLACEMENT_HEADER] for n in (1, 2))],
        "结束": [["身份证号码", "哪天走的"], [resident_id(2), "2026-05-20"]],
    }
    path = settings.inbox / TOWN / "就业台账_2026年5月.xlsx"
    path.write_bytes(book(sheets))
    deliver(path, "2026-06-03T10:00")
    ended = "select count(*) from raw.placement where ended_on = '2026-05-20'"
    load_again(settings)
    with connect(settings) as connection:
        assert connection.execute(ended).fetchall() == [(0,)]
    settings = with_contracts(settings, tmp_path)
    insert_line(settings.contracts / "placement.odcs.yaml", "endHeaders:", "        - 哪天走的")
    resend(settings, submission_of(settings), "", "test")
    with connect(settings) as connection:
        assert connection.execute(ended).fetchall() == [(1,)]


def submission_of(settings: Settings) -> str:
    with connect(settings) as connection:
        ((found,),) = connection.execute("select submission_id from ops.submission").fetchall()
    return str(found)


def test_an_expectation_is_one_line_of_one_contract(settings: Settings, night: Night, tmp_path: Path) -> None:  # noqa: F811 - a fixture
    settings = with_contracts(settings, tmp_path)
    insert_line(
        settings.contracts / "placement.odcs.yaml",
        "    quality:",
        "      - {id: PLC-99, type: custom, engine: greatExpectations, severity: error, name: 合同期不得少于6个月,"
        " description: A contract of under 6 months, implementation: {type: expect_column_values_to_be_between,"
        " kwargs: {column: contract_months, min_value: 6}}}",
    )
    rows = [placement(1), placement(2), placement(3, **{"签订合同或协议（月）*": 3})]
    path = write_xlsx(
        settings.inbox / TOWN / "就业台账_2026年5月.xlsx",
        [PLACEMENT_HEADER, *([row[word] for word in PLACEMENT_HEADER] for row in rows)],
    )
    deliver(path, "2026-06-03T10:00")
    assert load_again(settings)["rows_accepted"] == 2
    with connect(settings) as connection:
        assert connection.execute("select row, rule_id, message_en from ops.quarantine").fetchall() == [
            (4, "PLC-99", "A contract of under 6 months")
        ]


def test_a_feed_is_a_contract_and_a_staging_model() -> None:
    """No other place names a feed that needs nothing special: counted over every tracked text file."""
    feed = "training"
    special = {"plugins/zaoxue/demo", "tests", "docs", "dbt_project", "expectations", "README.md", "CONTRIBUTING.md"}
    naming = [
        path.relative_to(PROJECT).as_posix()
        for folder in ("plugins", "dags")
        for path in (PROJECT / folder).rglob("*.py")
        if f'"{feed}"' in path.read_text(encoding="utf-8")
    ]
    assert [path for path in naming if not any(path.startswith(s) for s in special)] == []
    assert (PROJECT / "expectations" / f"{feed}.odcs.yaml").is_file()
    assert (PROJECT / "dbt_project/models/staging" / f"stg_{feed}.sql").is_file()
