"""Any sequence of sending, withdrawing, releasing and processing again, against a plain Python model."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.pipeline.conftest import Night
from tests.pipeline.ledgers import TOWN, deliver, placement
from tests.pipeline.test_load import query
from zaoxue.pipeline.acts import ActError
from zaoxue.pipeline.release import release, resend
from zaoxue.pipeline.withdraw import withdraw
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

STANDING = ("accepted", "accepted_with_rejects")
COUNTING = (*STANDING, "superseded")
WHO = "model"
# What a ledger says: person -> wage. The fourth is short enough to be held against the others; of the last two one of
# two sheets cannot be read.
CONTENTS: list[dict[int, int]] = [
    dict.fromkeys(range(1, 25), 3000),
    {n: 3000 + 100 * (n == 3) for n in range(1, 25)},
    {n: 3000 + 100 * (n == 3) + 200 * (n == 5) for n in range(2, 26)},
    dict.fromkeys(range(1, 9), 4000),
    {2: 3000, 3: 4100, 26: 3000},
    {3: 3000, 26: 4200, 27: 3000},
]
PARTIAL = (4, 5)


@dataclass
class Sent:
    """One submission in the model."""

    place: int
    period: int
    content: int
    state: str = ""
    released: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether a sheet of it cannot be read."""
        return self.content in PARTIAL

    @property
    def key(self) -> tuple[int, int]:
        """Order in history."""
        return self.period, self.place


@dataclass
class Model:
    """What each submission is, said by the rules alone, without versions of rows."""

    sent: list[Sent] = field(default_factory=list)

    def counting(self) -> list[Sent]:
        """Versions of the history, oldest first."""
        return sorted((s for s in self.sent if s.state in COUNTING), key=lambda s: s.key)

    def rows(self, history: list[Sent] | None = None) -> dict[int, int]:
        """What is current, or what stood at the end of these versions."""
        listed: dict[int, int] = {}
        for s in self.counting() if history is None else history:
            listed = listed | CONTENTS[s.content] if s.is_partial else CONTENTS[s.content]
        return listed

    def judge(self, new: Sent, exempt: bool) -> None:
        others = [s for s in self.sent if s is not new]
        history = [s for s in self.counting() if s is not new]
        standing = self.rows(history)
        if any(
            (s.period, s.content) == (new.period, new.content) and s.state in (*COUNTING, "received") for s in others
        ):
            new.state = "duplicate"
        elif history and new.key < history[-1].key:
            new.state = "stale"
        elif (
            not exempt and not new.is_partial and len(standing) >= 20 and len(CONTENTS[new.content]) < len(standing) / 2
        ):
            new.state = "received"
        else:
            for s in others:
                if s.period == new.period and s.state in STANDING:
                    s.state = "superseded"
            new.state = "accepted_with_rejects" if new.is_partial else "accepted"

    def send(self, period: int, content: int) -> Sent:
        new = Sent(len(self.sent), period, content)
        self.judge(new, exempt=False)
        self.sent.append(new)
        return new

    def withdraw(self, s: Sent) -> bool:
        if s.state == "duplicate":
            return False
        stood, s.state = s.state in STANDING, "withdrawn"
        before = [o for o in self.counting() if o.period == s.period]
        if stood and before:
            before[-1].state = "accepted_with_rejects" if before[-1].is_partial else "accepted"
        return True

    def release(self, s: Sent) -> bool:
        if s.state == "received":
            s.released = True
            s.state = ""
            self.judge(s, exempt=True)
            return True
        return s.released

    def resend(self, s: Sent) -> bool:
        if s.state == "superseded" or (s.state in STANDING and self.counting()[-1] is not s):
            return False
        exempt = s.state in STANDING or s.released
        if s.state in STANDING:
            self.withdraw(s)
        s.state = ""
        self.judge(s, exempt)
        return True


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(3, 5), st.integers(0, len(CONTENTS) - 1)),
        st.tuples(st.sampled_from(["withdraw", "release", "resend"]), st.integers(0, 7), st.just(0)),
    ),
    min_size=3,
    max_size=9,
)


def _book(sheets: dict[str, list[list[object]]]) -> bytes:
    """The same bytes for the same content, or nothing could be a duplicate."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        workbook.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def write(settings: Settings, sent: Sent) -> str:
    header = [h for h in placement(1) if h != "序号"]
    people = [placement(person, **{"月工资（元）": wage}) for person, wage in CONTENTS[sent.content].items()]
    rows = [header, *([row[h] for h in header] for row in people)]
    path = settings.inbox / TOWN / f"{sent.place}_就业台账_2026年{sent.period}月"
    if sent.is_partial:
        path = path.with_suffix(".xlsx")
        path.write_bytes(_book({"一村": rows, "二村": [row[1:] for row in rows]}))
    else:
        path = path.with_suffix(".csv")
        path.write_text("\n".join(",".join(str(cell or "") for cell in row) for row in rows), encoding="utf-8")
    deliver(path, f"2026-07-{1 + sent.place:02d}T10:00")
    return path.relative_to(settings.inbox).as_posix()


def check(settings: Settings, model: Model) -> None:
    registered = {
        int(uri.rsplit("/", 1)[1].split("_")[0]): (submission, state)
        for submission, uri, state in query(settings, "select submission_id, source_uri, state from ops.submission")
    }
    assert {place: state for place, (_, state) in registered.items()} == {s.place: s.state for s in model.sent}
    chain = {registered[s.place][0]: at for at, s in enumerate(model.counting())}
    rows = query(
        settings,
        "select _from_submission, _to_submission, monthly_wage::int, _row_key, _row, _period from raw.placement",
    )
    forever = len(chain)
    spans = [(chain[brought], forever if to is None else chain[to], wage, key) for brought, to, wage, key, _, _ in rows]
    for at in range(len(chain)):
        listed = [(key, wage) for start, end, wage, key in spans if start <= at < end]
        assert sorted(wage for _, wage in listed) == sorted(model.rows(model.counting()[: at + 1]).values())
        assert len({key for key, _ in listed}) == len(listed)
    assert all(start < end for start, end, _, _ in spans)
    # No change is written twice, and each row is numbered as in the submission that brought it.
    assert len({(key, wage, start) for start, _, wage, key in spans}) == len(spans)
    ends = {(key, wage, end) for _, end, wage, key in spans}
    assert not any((key, wage, start) in ends for start, _, wage, key in spans)
    by_id = {registered[s.place][0]: s for s in model.sent}
    for brought, _, wage, _, row, period in rows:
        s = by_id[brought]
        assert period == f"2026-{s.period:02d}"
        assert list(CONTENTS[s.content].values())[row - 2] == wage
    current = sorted(wage for _, to, wage, *_ in rows if to is None)
    assert current == sorted(model.rows().values())


@pytest.mark.timeout(900)
@hypothesis_settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_any_sequence_leaves_what_the_standing_versions_say(
    settings: Settings, night: Night, steps: list[tuple[str, int, int]]
) -> None:
    with connect(settings) as connection:
        connection.execute("truncate ops.submission cascade; truncate ops.submission_act, raw.placement")
    for old in (settings.inbox / TOWN).iterdir():
        old.unlink()
    model = Model()
    uris: list[str] = []
    for what, number, content in steps:
        if what == "send":
            uris.append(write(settings, model.send(number, content)))
            assert night().files == 1
        elif model.sent:
            sent = model.sent[number % len(model.sent)]
            ((submission,),) = query(
                settings, f"select submission_id from ops.submission where source_uri = '{uris[sent.place]}'"
            )
            act: Callable[[Settings, str, str, str], object] = {
                "withdraw": withdraw,
                "release": release,
                "resend": resend,
            }[what]
            if getattr(model, what)(sent):
                act(settings, submission, "", WHO)
            else:
                with pytest.raises(ActError):
                    act(settings, submission, "", WHO)
        check(settings, model)
    assert night().files == 0
    check(settings, model)
