"""Draw the README's picture from the marts of the last night: `make picture`. An SVG with no outside asset."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from zaoxue.settings import load_settings
from zaoxue.warehouse.database import connect

QUERY = """
select d.district_name, d.district_code, sum(c.due)::int, sum(c.retained)::int, sum(c.lost)::int, sum(c.unknown)::int,
    (select coalesce(sum(t.missing), 0)::int from marts.mart_submission_timeliness t where t.district_code = d.district_code)
from marts.mart_retention_cohort c join marts.dim_district d using (district_code)
where c.horizon_days = 180
group by d.district_code, d.district_name
order by d.district_code
"""
WIDTH, LEFT, BAR, ROW, TOP = 980, 150, 500, 26, 84
COLOURS = {"retained": "#1b6e53", "unknown": "url(#unknown)", "lost": "#d9d9d9"}
FONT = "font-family=\"'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif\""


def main() -> None:
    """Write docs/pictures/night.svg."""
    with connect(load_settings()) as connection:
        rows = connection.execute(QUERY).fetchall()
    height = TOP + ROW * len(rows) + 16
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT} font-size="13" role="img"'
        ' aria-label="Share of placements still held after 180 days, by district, with unknowns">',
        '<defs><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#fff"/><rect width="3" height="6" fill="#1b6e53"/></pattern></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        text(16, 26, "180 天后仍在岗 · Still in work after 180 days", 'font-size="17" font-weight="bold"'),
        text(16, 46, "虚构示范省，2026-06-30 夜 · fictional demo province, night of 2026-06-30", 'fill="#555"'),
        *legend(),
        text(LEFT + BAR + 12, 72, "下限–上限 lower–upper", 'fill="#555"'),
        text(WIDTH - 16, 72, "到期 due · 缺报 missing", 'fill="#555" text-anchor="end"'),
    ]
    for place, row in enumerate(rows):
        parts += bar(TOP + place * ROW, *row)
    Path(__file__).with_name("night.svg").write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def bar(y: int, name: str, code: str, due: int, retained: int, lost: int, unknown: int, missing: int) -> list[str]:
    """One district: retained, unknown and lost as shares of the placements that are due."""
    marks = [
        text(LEFT - 12, y + 14, f"{name} {code}", 'text-anchor="end"' + (' fill="#a61b1b"' if missing > 9 else ""))
    ]
    x = float(LEFT)
    for kind, count in (("retained", retained), ("unknown", unknown), ("lost", lost)):
        width = BAR * count / due
        marks.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="18" fill="{COLOURS[kind]}"/>')
        x += width
    lower, upper = 100 * retained / due, 100 * (retained + unknown) / due
    marks.append(text(LEFT + BAR + 12, y + 14, f"{lower:.1f} %" if not unknown else f"{lower:.1f} – {upper:.1f} %"))
    flag = f" · ✖ {missing}" if missing else ""
    marks.append(
        text(WIDTH - 16, y + 14, f"{due:,}{flag}", 'text-anchor="end"' + (' fill="#a61b1b"' if missing > 9 else ""))
    )
    return marks


def legend() -> list[str]:
    """What the three fills mean."""
    marks: list[str] = []
    x = LEFT
    for kind, words in (("retained", "在岗 retained"), ("unknown", "未知 unknown"), ("lost", "离岗 lost")):
        marks += [
            f'<rect x="{x}" y="60" width="14" height="14" fill="{COLOURS[kind]}" stroke="#999" stroke-width=".5"/>',
            text(x + 20, 72, words, 'fill="#555"'),
        ]
        x += 140
    return marks


def text(x: float, y: float, words: str, style: Any = "") -> str:
    """A piece of text."""
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'


if __name__ == "__main__":
    main()
