"""The outbox: write under a unique key, then send, then mark sent.

A crash between sending and marking sends that message to that channel once more; nothing is ever lost, because a
message and the memory of what it tells are written in one transaction and stay unsent until every channel took them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import class_row

from zaoxue.alerts.channels import Channel, JsonLinesChannel, OutgoingAlert, channels_for
from zaoxue.alerts.digest import Digest
from zaoxue.alerts.wording import Wording
from zaoxue.settings import Settings

ENGINEERS = "engineers"
_BEIJING = ZoneInfo("Asia/Shanghai")
_FAILURES_IN_A_ROW = 3  # then the channel is taken to be down, and left to the next run


@dataclass(frozen=True)
class SendReport:
    """`sent`: messages that have now reached every channel; `pending`: those still owed to at least one."""

    sent: int
    pending: int


def write_alerts(connection: psycopg.Connection, digests: Iterable[Digest], wording: Wording, at: datetime) -> int:
    """Put digests into the outbox together with what they tell; returns how many are new. The caller commits."""
    alerts: list[tuple[str, str, str, str, str]] = []
    told: list[tuple[str, str, str, int, str, str]] = []
    for digest in digests:
        message, key = wording.message(digest, at), digest.alert_key
        alerts.append((key, digest.kind, digest.recipient, message.subject, message.body))
        told += [(c.organisation_code, c.feed, c.period, c.episode, c.kind, key) for c in digest.changes]
    if not alerts:
        return 0
    written = connection.execute(
        "insert into ops.alert (alert_key, kind, recipient, subject, body)"
        " select alert_key, kind, recipient, subject, body"
        " from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
        " with ordinality as a (alert_key, kind, recipient, subject, body, place) order by place"
        " on conflict (alert_key) do nothing",
        [list(column) for column in zip(*alerts, strict=True)],
    ).rowcount
    connection.execute(
        "insert into ops.alert_obligation (organisation_code, feed, period, episode, kind, alert_key)"
        " select * from unnest(%s::text[], %s::text[], %s::text[], %s::integer[], %s::text[], %s::text[])",
        [list(column) for column in zip(*told, strict=True)],
    )
    return written


def send_outbox(connection: psycopg.Connection, settings: Settings, now: datetime | None = None) -> SendReport:
    """Commit, then send what is unsent, the oldest first, committing after each channel. Safe beside another sender.

    A channel that fails is tried again by the next run, without repeating the message on the others. In quiet hours
    (judged at `now`) clerks' addresses are left alone; the file and the engineers are not.
    """
    failures: Counter[str] = Counter()
    sent = 0
    is_quiet = in_quiet_hours(settings, now or datetime.now(_BEIJING))
    for alert_key, recipient, organisation_urls in _unsent(connection):
        own = settings.engineer_urls if recipient == ENGINEERS else organisation_urls.split()
        channels = channels_for(settings.alert_file, [*settings.alert_urls, *own])
        for channel in channels:
            if is_quiet and recipient != ENGINEERS and not isinstance(channel, JsonLinesChannel):
                continue
            if failures[channel.name] < _FAILURES_IN_A_ROW:
                taken = _send(connection, alert_key, channel)
                failures[channel.name] = 0 if taken else failures[channel.name] + 1
        sent += _mark_sent(connection, alert_key, [channel.name for channel in channels])
    return SendReport(sent, pending=len(_unsent(connection)))


def in_quiet_hours(settings: Settings, now: datetime) -> bool:
    """Whether clerks are to be left alone at an instant; hours that pass midnight begin the evening before."""
    if settings.quiet_hours is None:
        return False
    begin, end = settings.quiet_hours
    clock = now.astimezone(_BEIJING).time()
    return begin <= clock < end if begin <= end else clock >= begin or clock < end


def _unsent(connection: psycopg.Connection) -> list[tuple[str, str, str]]:
    """Key, recipient and the recipient's own addresses; ends the transaction, so that each message gets one of its own."""
    rows = connection.execute(
        "select a.alert_key, a.recipient, coalesce(g.alert_urls, '') from ops.alert as a"
        " left join ops.organisation as g on g.organisation_code = a.recipient"
        " where a.sent_at is null order by a.alert_id"
    ).fetchall()
    connection.commit()
    return rows


def _send(connection: psycopg.Connection, alert_key: str, channel: Channel) -> bool:
    """Send one message over one channel under the row's lock; False only where the channel refused."""
    with connection.transaction(), connection.cursor(row_factory=class_row(OutgoingAlert)) as cursor:
        alert = cursor.execute(
            "select alert_key, kind, recipient, subject, body from ops.alert as a"
            " where alert_key = %s and sent_at is null and not exists ("
            "     select from ops.alert_delivery as d where d.alert_key = a.alert_key and d.channel = %s)"
            " for update skip locked",
            [alert_key, channel.name],
        ).fetchone()
        if alert is None:  # delivered before, or another sender has it in hand
            return True
        refusal = channel.deliver(alert)
        connection.execute(
            "update ops.alert set attempts = attempts + 1, last_error = %s where alert_key = %s", [refusal, alert_key]
        )
        if refusal is None:
            connection.execute(
                "insert into ops.alert_delivery (alert_key, channel) values (%s, %s)", [alert_key, channel.name]
            )
        return refusal is None


def _mark_sent(connection: psycopg.Connection, alert_key: str, channels: list[str]) -> bool:
    with connection.transaction():
        marked = connection.execute(
            "update ops.alert set sent_at = now() where alert_key = %s and sent_at is null and"
            " (select count(*) from ops.alert_delivery where alert_key = %s and channel = any(%s)) = %s",
            [alert_key, alert_key, channels, len(channels)],
        )
        return marked.rowcount == 1
