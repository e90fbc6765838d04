"""What has changed in the marts' tables since the last release, from dbt's manifest: the part of the changelog nobody writes.

python -m zaoxue.warehouse.schema_changes                  bring dbt_project/CHANGELOG.md up to date
python -m zaoxue.warehouse.schema_changes --release 0.3.0  close it under a version and begin anew
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from zaoxue.settings import PROJECT_ROOT, load_settings
from zaoxue.warehouse.dbt_build import parse_project

CHANGELOG = PROJECT_ROOT / "dbt_project" / "CHANGELOG.md"
RELEASED = PROJECT_ROOT / "dbt_project" / "released_schema.json"
_BEGIN = "<!-- made from the manifest -->"
_END = "<!-- to here -->"

Schema = Mapping[str, Mapping[str, str]]


def schema_of(manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Table -> column -> data type of every mart, in order, as its contract has them."""
    return {
        node["name"]: {name: column["data_type"] for name, column in node["columns"].items()}
        for node in sorted(manifest["nodes"].values(), key=lambda node: str(node["name"]))
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    }


def describe_changes(released: Schema, now: Schema) -> str:
    """One line for each table that is new, gone or has other columns, as Markdown; "Nothing." where none has.

    A column that moved is told as well: who selects by position would read another one.
    """
    lines = [f"- new: `{table}` ({', '.join(now[table])})" for table in now if table not in released]
    for table, columns in released.items():
        if table not in now:
            lines.append(f"- **gone**: `{table}`")
            continue
        kept = [name for name in now[table] if name in columns]
        told = [
            *(f"gains `{name}` {kind}" for name, kind in now[table].items() if name not in columns),
            *(f"**loses** `{name}`" for name in columns if name not in now[table]),
            *(
                f"`{name}` {columns[name]} is now {now[table][name]}"
                for name in kept
                if columns[name] != now[table][name]
            ),
        ]
        if list(now[table])[: len(kept)] != [name for name in columns if name in now[table]]:
            told.append("**order of columns**")
        if told:
            lines.append(f"- `{table}` {', '.join(told)}")
    return "\n".join(sorted(lines)) or "Nothing."


def render_changelog(changelog: str, released: Schema, now: Schema) -> str:
    """The changelog with the made part brought up to date. Raises ValueError where its marks are missing."""
    before, begin, rest = changelog.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"{CHANGELOG.name} needs the marks {_BEGIN} and {_END}")
    return f"{before}{_BEGIN}\n{describe_changes(released, now)}\n{_END}{after}"


def close_release(changelog: str, version: str) -> str:
    """The changelog with everything under Next put under a version, and an empty Next above it."""
    before, _, rest = changelog.partition("## Next\n")
    standing, next_version, after = rest.partition("\n## ")
    closed = standing.replace(f"{_BEGIN}\n", "").replace(f"{_END}\n", "")
    return f"{before}## Next\n{_BEGIN}\nNothing.\n{_END}\n\n## {version}\n{closed}{next_version}{after}"


def read_released() -> dict[str, dict[str, str]]:
    """The schema of the last release."""
    schema: dict[str, dict[str, str]] = json.loads(RELEASED.read_text(encoding="utf-8"))
    return schema


def main() -> None:
    """Command line of the module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--release", metavar="VERSION", help="close what stands under Next as this version")
    arguments = parser.parse_args()
    now = schema_of(json.loads(parse_project(load_settings()).read_text(encoding="utf-8")))
    changelog = render_changelog(CHANGELOG.read_text(encoding="utf-8"), read_released(), now)
    if arguments.release:
        changelog = close_release(changelog, arguments.release)
        RELEASED.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    CHANGELOG.write_text(changelog, encoding="utf-8")


if __name__ == "__main__":
    main()
