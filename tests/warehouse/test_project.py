"""The dbt project keeps its own rules: layers, descriptions, portability, and files derived from the contracts."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.warehouse.conftest import Built
from zaoxue.contracts import load_contracts
from zaoxue.contracts.data_dictionary import DICTIONARY_FILE, render_data_dictionary
from zaoxue.contracts.dbt_sources import (
    CODES_FILE,
    DATED_PARAMETERS_FILE,
    SOURCES_FILE,
    render_code_list,
    render_dbt_sources,
)
from zaoxue.settings import PROJECT_ROOT, load_settings
from zaoxue.warehouse import dbt_build
from zaoxue.warehouse.schema_changes import (
    CHANGELOG,
    close_release,
    describe_changes,
    read_released,
    render_changelog,
    schema_of,
)

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
PUBLIC_COLUMNS = {
    "dim_person": "person_key, sex, birth_year, education, township_code, first_registered_on",
    "bridge_person_hardship": "person_key, category, valid_from, valid_to, source",
    "fct_placement": "placement_key, person_key, district_code, township_code, employer_key, channel, employment_type,"
    " is_public_post, started_on, ended_on, end_reason, monthly_wage, contract_months, data_maturity",
    "fct_retention": "placement_key, person_key, district_code, township_code, cohort_month, horizon_days, due_on, outcome,"
    " evidence, evidence_on",
    "mart_placement_monthly": "district_code, township_code, month, placements, persons_placed, public_posts, median_wage",
    "mart_retention_cohort": "district_code, cohort_month, horizon_days, placements, due, retained, lost, unknown, rate_known,"
    " rate_lower, rate_upper, km_rate, follow_up_coverage",
    "mart_claim_reconciliation": "claim_id, article_id, published_on, measure, place_code, period_start, period_end,"
    " claimed_value, claimed_min, claimed_max, ledger_value, verdict",
    "mart_submission_timeliness": "district_code, feed, period, expected, actual, on_time, late, missing, rejected, nil, waived,"
    " reporting_rate, reporting_rate_on_time",
}


@pytest.fixture(scope="module")
def manifest(built: Built) -> dict[str, Any]:
    path = built.settings.home / "dbt" / "target" / "manifest.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def models(manifest: dict[str, Any], layer: str) -> list[dict[str, Any]]:
    found = [
        node for node in manifest["nodes"].values() if node["resource_type"] == "model" and node["fqn"][1] == layer
    ]
    assert found
    return found


@pytest.mark.parametrize(
    ("exposures", "readers"),
    [
        ({"cookbook"}, ["docs/cookbook.md"]),
        ({"board_outcomes", "board_claims"}, ["plugins/zaoxue/board/**/*.py"]),
    ],
)
def test_exposures_name_the_marts_that_are_read(
    manifest: dict[str, Any], exposures: set[str], readers: list[str]
) -> None:
    told = {
        node.rsplit(".", 1)[-1]
        for exposure in manifest["exposures"].values()
        if exposure["name"] in exposures
        for node in exposure["depends_on"]["nodes"]
    }
    texts = [path.read_text(encoding="utf-8") for pattern in readers for path in PROJECT_ROOT.glob(pattern)]
    assert texts
    assert told == {name for text in texts for name in re.findall(r"marts\.((?:dim|bridge|fct|mart)_\w+)", text)}


def test_the_changelog_tells_what_has_changed_in_the_schema(manifest: dict[str, Any]) -> None:
    """`make changelog` writes it."""
    text = CHANGELOG.read_text(encoding="utf-8")
    assert render_changelog(text, read_released(), schema_of(manifest)) == text


def test_every_kind_of_change_of_a_schema_is_told() -> None:
    released = {"a": {"x": "integer", "y": "date", "z": "string"}, "b": {"x": "integer"}, "same": {"x": "date"}}
    now = {"a": {"y": "date", "x": "bigint", "w": "string"}, "c": {"v": "date"}, "same": {"x": "date"}}
    told = describe_changes(released, now)
    assert told.splitlines() == [
        "- **gone**: `b`",
        "- `a` gains `w` string, **loses** `z`, `x` integer is now bigint, **order of columns**",
        "- new: `c` (v)",
    ]
    assert describe_changes(released, released) == "Nothing."
    before = "# Changes\n\n## Next\nBy hand.\n<!-- made from the manifest -->\n<!-- to here -->\n\n## 0.1\nold\n"
    released_now = close_release(render_changelog(before, released, now), "0.2")
    assert released_now.startswith(
        "# Changes\n\n## Next\n<!-- made from the manifest -->\nNothing.\n<!-- to here -->\n\n## 0.2\nBy hand.\n- **gone**"
    )
    assert released_now.endswith("\n## 0.1\nold\n")
    assert render_changelog(released_now, now, now) == released_now


@pytest.mark.parametrize(
    ("layer", "may_read"),
    [("marts", {"intermediate"}), ("intermediate", {"staging", "intermediate", "seed"}), ("staging", {"source"})],
)
def test_layers_read_the_layer_below(manifest: dict[str, Any], layer: str, may_read: set[str]) -> None:
    for model in models(manifest, layer):
        for parent in model["depends_on"]["nodes"]:
            kind = parent.split(".")[0]
            read = manifest["nodes"][parent]["fqn"][1] if kind == "model" else kind
            assert read in may_read, f"{model['name']} reads {parent}"


def test_names_tell_the_layer(manifest: dict[str, Any]) -> None:
    prefixes = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("dim_", "bridge_", "fct_", "mart_")}
    for layer, words in prefixes.items():
        for model in models(manifest, layer):
            assert model["name"].startswith(words)
            assert model["schema"] == layer


def test_everything_is_described_in_both_languages(manifest: dict[str, Any], built: Built) -> None:
    chinese = re.compile("[一-鿿]")
    for layer in ("staging", "intermediate", "marts"):
        for model in models(manifest, layer):
            assert chinese.search(model["description"]), model["name"]
    for model in models(manifest, "marts"):
        assert model["contract"]["enforced"], model["name"]
        assert any(constraint["type"] == "primary_key" for constraint in model["constraints"]), model["name"]
        for column in model["columns"].values():
            assert chinese.search(column["description"]), f"{model['name']}.{column['name']}"
            assert re.search("[A-Za-z]{2}", column["description"]), f"{model['name']}.{column['name']}"
    undocumented = built.query("""
        select c.relname, a.attname from pg_class as c
        inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'marts'::regnamespace and c.relkind = 'r' and col_description(c.oid, a.attnum) is null""")
    assert undocumented == []


def test_public_columns_come_first_in_their_order(built: Built) -> None:
    for table, names in PUBLIC_COLUMNS.items():
        wanted = re.split(r",\s*", names)
        stored = [
            name
            for (name,) in built.query(
                "select column_name from information_schema.columns"
                " where table_schema = 'marts' and table_name = %s order by ordinal_position",
                table,
            )
        ]
        assert stored[: len(wanted)] == wanted, table


def test_models_stay_portable(manifest: dict[str, Any]) -> None:
    """What only one engine understands belongs to macros/dialect, each with its variant for Spark beside it."""
    forbidden = re.compile(
        r"::|\bdistinct on\b|\brange_agg\b|\barray_agg\b|\bunnest\b|\bto_char\b|\binterval\b|\bat time zone\b|\bdate_trunc\b"
        r"|\bpercentile_cont\b|\brecursive\b|\brollup\b|\bmerge into\b|\bgenerate_series\b|\bdouble precision\b| as text\b",
        re.I,
    )
    for layer in ("staging", "intermediate", "marts"):
        for model in models(manifest, layer):
            assert not forbidden.search(model["raw_code"]), model["name"]
    dialect = "".join(
        path.read_text(encoding="utf-8") for path in sorted((DBT_PROJECT / "macros" / "dialect").glob("*.sql"))
    )
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)', 'zaoxue'\)", dialect))
    assert len(dispatched) > 8
    for name in dispatched:
        assert f"macro default__{name}(" in dialect
        assert f"macro spark__{name}(" in dialect


def test_no_mart_holds_an_array_or_json(built: Built) -> None:
    assert (
        built.query("""
        select table_name, column_name from information_schema.columns
        where table_schema = 'marts' and data_type in ('ARRAY', 'json', 'jsonb')""")
        == []
    )


def test_derived_files_are_up_to_date() -> None:
    contracts = load_contracts(load_settings().contracts)
    again = "run `python -m zaoxue.contracts.dbt_sources` and `python -m zaoxue.contracts.data_dictionary`"
    assert (DBT_PROJECT / SOURCES_FILE).read_text(encoding="utf-8") == render_dbt_sources(contracts), again
    assert (DBT_PROJECT / CODES_FILE).read_text(encoding="utf-8") == render_code_list(contracts), again
    assert DICTIONARY_FILE.read_text(encoding="utf-8") == render_data_dictionary(contracts), again
    parameters = load_settings().contracts / "parameters.csv"
    assert (DBT_PROJECT / DATED_PARAMETERS_FILE).read_bytes() == parameters.read_bytes(), again


def test_dictionary_holds_every_column_code_and_rule() -> None:
    page = DICTIONARY_FILE.read_text(encoding="utf-8")
    for contract in load_contracts(load_settings().contracts).values():
        for column in contract.columns:
            assert all(word in page for word in (f"`{column.name}`", *column.headers, *column.codes))
        assert all(rule.message_zh in page and rule.message_en in page for rule in contract.rules)


def test_unit_tests_of_the_rules_pass(built: Built) -> None:
    with dbt_build._environment(built.settings):
        outcomes = dbt_build._run(built.settings, ["test", "--select", "test_type:unit"], built.as_of)
    assert len(outcomes) >= 133
    assert {outcome.status for outcome in outcomes} == {"pass"}
