"""Which changes of state have to be told, and to whom: one digest for each recipient and run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import psycopg
from psycopg.rows import class_row

KINDS = ("escalated", "missing", "rejected", "reminder", "mended", "relieved")  # the most serious first

# Told so far: the latest episode of each obligation. Its `mended` ends it, so what is missing again is told again.
# A reminder comes once in all.
# An obligation that is both missing and rejected for the first time gives two rows, and one line in the message.
# Nobody is told that a file is missing which may lie unread in the inbox: only what a night has looked for is missed.
_CHANGES = """
with told as (
    select distinct on (organisation_code, feed, period)
        organisation_code, feed, period, episode,
        bool_or(bool_or(kind = 'reminder')) over (partition by organisation_code, feed, period) as reminder_told,
        bool_or(kind = 'missing') as missing_told,
        bool_or(kind = 'rejected') as rejected_told,
        bool_or(kind = 'escalated') as escalated_told,
        bool_or(kind = 'mended') as mended_told
    from ops.alert_obligation
    group by organisation_code, feed, period, episode
    order by organisation_code, feed, period, episode desc
),
compared as (
    select
        s.*,
        o.remind_at,
        o.escalate_at,
        s.state in ('on_time', 'late', 'nil', 'waived') as is_settled,
        s.state = 'missing' and s.grace_until < coalesce(
            case s.kind when 'bank' then l.loans else l.ledgers end, 'infinity'
        ) as is_missed,
        coalesce(t.episode + t.mended_told::integer, 0) as episode,
        coalesce(t.reminder_told, false) as reminder_told,
        coalesce(t.missing_told and not t.mended_told, false) as missing_told,
        coalesce(t.rejected_told and not t.mended_told, false) as rejected_told,
        coalesce(t.escalated_told and not t.mended_told, false) as escalated_told
    from ops.obligation_measure(%(at)s) as s
    inner join ops.obligation as o using (organisation_code, feed, period)
    cross join (select ops.inbox_read_until('ledgers') as ledgers, ops.inbox_read_until('loans') as loans) as l
    left join told as t using (organisation_code, feed, period)
),
changed as (
    select c.*, k.kind as told_as, r.name as recipient_name, r.contact as recipient_contact, r.parent_code
    from compared as c
    inner join ops.organisation as r on r.organisation_code = c.recipient
    cross join unnest(%(kinds)s::text[]) as k (kind)
    where case k.kind
        when 'reminder' then c.state in ('due', 'not_due') and c.reason is null and not c.reminder_told
            and c.remind_at <= %(at)s and %(at)s <= c.due_at
        when 'missing' then c.is_missed and not c.missing_told
        when 'rejected' then c.reason = 'rejected' and not c.rejected_told
        when 'escalated' then c.is_missed and c.escalate_at < %(at)s and not c.escalated_told and r.parent_code is not null
        when 'mended' then c.is_settled and (c.missing_told or c.rejected_told)
        else c.is_settled and c.escalated_told and r.parent_code is not null
    end
)
select
    case when told_as in ('escalated', 'relieved') then above.organisation_code else c.recipient end as recipient,
    case when told_as in ('escalated', 'relieved') then above.name else c.recipient_name end as recipient_name,
    told_as as kind, c.organisation_code, c.organisation_name, c.feed, c.period, c.due_at, c.state, c.reason, c.episode,
    case when c.state = 'missing' then c.grace_until when told_as = 'rejected' then returned.received_at end as since,
    returned.reason_zh, returned.reason_en,
    case when told_as in ('escalated', 'relieved') and c.recipient <> c.organisation_code
        then c.recipient_name end as district_name,
    case when told_as in ('escalated', 'relieved') then c.recipient_contact end as contact
from changed as c
left join ops.organisation as above on above.organisation_code = c.parent_code
left join lateral (
    select s.received_at, s.reason_zh, s.reason_en
    from ops.submission as s
    where c.reason = 'rejected' and s.state = 'rejected' and s.received_at <= %(at)s
        and (s.organisation_code, s.feed, s.period) = (c.organisation_code, c.feed, c.period)
    order by s.received_at desc, s.submission_id limit 1
) as returned on true
order by recipient, c.feed, c.period, c.organisation_code, told_as
"""

# Whom a recipient may call: the nearest organisation above it that gives a contact.
_HELP = """
with recursive above as (
    select organisation_code as recipient, parent_code, 1 as steps, ''::text as name, ''::text as contact
    from ops.organisation where organisation_code = any(%s)
    union all
    select a.recipient, g.parent_code, a.steps + 1, g.name, g.contact
    from above as a inner join ops.organisation as g on g.organisation_code = a.parent_code
)
select distinct on (recipient) recipient, name || ' ' || contact from above where contact <> '' order by recipient, steps
"""


@dataclass(frozen=True)
class Change:
    """One obligation whose state has changed in a way its recipient has not been told (kind: one of KINDS).

    `since`: from when it is missing, or when the file that was returned had come. `reason_zh`, `reason_en`: why it was
    returned. `district_name`, `contact`: told to a parent organisation, of which district, and whom to call there.
    """

    recipient: str
    recipient_name: str
    kind: str
    organisation_code: str
    organisation_name: str
    feed: str
    period: str
    due_at: datetime
    state: str
    reason: str | None
    episode: int
    since: datetime | None
    reason_zh: str | None
    reason_en: str | None
    district_name: str | None
    contact: str | None


@dataclass(frozen=True)
class Digest:
    """Everything one recipient is to be told in one run. Not empty. `call`: name and line of whom to ask, or empty."""

    recipient: str
    recipient_name: str
    changes: tuple[Change, ...]
    call: str = ""

    @property
    def kind(self) -> str:
        """The most serious kind in it, as the outbox names it."""
        kind = min((change.kind for change in self.changes), key=KINDS.index)
        return "mended" if kind == "relieved" else kind

    @property
    def alert_key(self) -> str:
        """32 hex digits from recipient, kind and the changes told: the same news always has the same key."""
        told = [f"{c.organisation_code} {c.feed} {c.period} {c.episode} {c.kind}" for c in self.changes]
        return hashlib.sha256("\n".join([self.kind, self.recipient, *told]).encode()).hexdigest()[:32]


def untold_digests(connection: psycopg.Connection, at: datetime) -> Iterator[Digest]:
    """The digests due at an instant, by recipient: the district for itself and its townships, else the organisation.

    What is escalated, and its end, is told to the organisation above the recipient.
    """
    # Few rows change, but which is known only when all are judged: on its estimates the planner would loop.
    connection.execute("set local enable_nestloop = off")
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        changes = cursor.execute(_CHANGES, {"at": at, "kinds": list(KINDS)}).fetchall()
    connection.execute("set local enable_nestloop = on")
    recipients = list({change.recipient for change in changes})
    calls: dict[str, str] = dict(connection.execute(_HELP, [recipients]).fetchall())
    for recipient, group in groupby(changes, key=lambda change: change.recipient):
        members = tuple(group)
        yield Digest(recipient, members[0].recipient_name, members, calls.get(recipient, ""))
