"""Charts as inline SVG, drawn here: no script, colours from the style sheet, a title and a description for those who do not
see them. Every chart stands above the table it was drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH, _LABEL, _VALUE, _ROW, _BAR = 760, 170, 150, 26, 16
_SPAN = _WIDTH - _LABEL - _VALUE


@dataclass(frozen=True)
class Range:
    """A share between 0 and 1 of which only bounds are known. Without bounds, `note` says why there is none."""

    label: str
    lower: float | None
    upper: float | None
    known: float | None
    note: str


@dataclass(frozen=True)
class Bar:
    """A count, or None where it is not shown; `note` is written beside it."""

    label: str
    count: int | None
    note: str


def ranges(chart_id: str, title: str, description: str, rows: Sequence[Range]) -> Markup:
    """A line for each row from 0 to 100 %: certain up to the lower bound, hatched to the upper, a tick at the known rate."""
    top = 22
    marks = [_hatch(chart_id)]
    for percent in (0, 25, 50, 75, 100):
        x = _LABEL + _SPAN * percent / 100
        marks.append(
            Markup(
                '<path class="grid" d="M{x:.1f} {top}V{end}"/><text class="axis" x="{x:.1f}" y="14">{p} %</text>'
            ).format(x=x, top=top, end=top + _ROW * len(rows), p=percent)
        )
    for place, row in enumerate(rows):
        y = top + place * _ROW + (_ROW - _BAR) // 2
        marks.append(_label(y, row.label, row.note))
        if row.lower is None or row.upper is None:
            continue
        lower, upper = _SPAN * row.lower, _SPAN * row.upper
        marks.append(
            Markup(
                '<rect class="sure" x="{x}" y="{y}" width="{w:.1f}" height="{h}"/>'
                '<rect fill="url(#{id}-hatch)" class="maybe" x="{x2:.1f}" y="{y}" width="{w2:.1f}" height="{h}"/>'
            ).format(x=_LABEL, y=y, w=lower, h=_BAR, id=chart_id, x2=_LABEL + lower, w2=upper - lower)
        )
        if row.known is not None:
            marks.append(
                Markup('<path class="tick" d="M{x:.1f} {y}v{h}"/>').format(
                    x=_LABEL + _SPAN * row.known, y=y - 3, h=_BAR + 6
                )
            )
    return _svg(chart_id, title, description, top + _ROW * len(rows) + 6, marks)


def bars(chart_id: str, title: str, description: str, rows: Sequence[Bar]) -> Markup:
    """A horizontal bar for each row, the longest as wide as the chart."""
    most = max((row.count or 0 for row in rows), default=0) or 1
    marks = []
    for place, row in enumerate(rows):
        y = place * _ROW + (_ROW - _BAR) // 2
        marks.append(_label(y, row.label, row.note))
        if row.count is not None:
            marks.append(
                Markup('<rect class="sure" x="{x}" y="{y}" width="{w:.1f}" height="{h}"/>').format(
                    x=_LABEL, y=y, w=_SPAN * row.count / most, h=_BAR
                )
            )
    return _svg(chart_id, title, description, _ROW * len(rows) + 6, marks)


def _label(y: int, label: str, note: str) -> Markup:
    return Markup('<text class="label" x="{x}" y="{y}">{label}</text><text x="{x2}" y="{y}">{note}</text>').format(
        x=_LABEL - 8, x2=_LABEL + _SPAN + 8, y=y + _BAR - 4, label=label, note=note
    )


def _hatch(chart_id: str) -> Markup:
    return Markup(
        '<defs><pattern id="{id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="paper" width="6" height="6"/><rect class="sure" width="3" height="6"/></pattern></defs>'
    ).format(id=chart_id)


def _svg(chart_id: str, title: str, description: str, height: int, marks: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{id}-title {id}-desc">'
        '<title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>{marks}</svg>'
    ).format(
        width=_WIDTH, height=height, id=chart_id, title=title, description=description, marks=Markup("").join(marks)
    )
