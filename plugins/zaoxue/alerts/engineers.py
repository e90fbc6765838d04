"""Alerts to the engineers: a night that is late, has failed or loaded far less than usual. Never one for a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import psycopg

from zaoxue.alerts.channels import OutgoingAlert, channels_for
from zaoxue.alerts.outbox import ENGINEERS, send_outbox
from zaoxue.alerts.wording import Message, render
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect


def tell_engineers(settings: Settings, notice: str, key: str, **words: Any) -> bool:
    """Send one message through the outbox; False where one with this key has been written before. No personal data.

    `notice`: a template of templates/engineers, its first line the subject. Where the database itself is gone the message
    goes out beside the outbox: then, and only then, it can come more than once.
    """
    message = _message(notice, words)
    try:
        with connect(settings) as connection:
            written = write_notice(connection, message, key)
            send_outbox(connection, settings)
    except psycopg.OperationalError:
        alert = OutgoingAlert(key, ENGINEERS, ENGINEERS, message.subject, message.body)
        for channel in channels_for(settings.alert_file, [*settings.alert_urls, *settings.engineer_urls]):
            channel.deliver(alert)
        return True
    return written


def notice_to_engineers(connection: psycopg.Connection, notice: str, key: str, **words: Any) -> bool:
    """Write a message into the outbox, for the caller to commit and send; False where its key stands there already."""
    return write_notice(connection, _message(notice, words), key)


def write_notice(connection: psycopg.Connection, message: Message, key: str) -> bool:
    """Write a message to the engineers into the outbox under its key; False where it stands there already."""
    written = connection.execute(
        "insert into ops.alert (alert_key, kind, recipient, subject, body) values (%s, %s, %s, %s, %s)"
        " on conflict (alert_key) do nothing",
        [key, ENGINEERS, ENGINEERS, message.subject, message.body],
    )
    return written.rowcount == 1


def tell_held(settings: Settings, held: Sequence[tuple[str, str]]) -> int:
    """Tell the engineers of submissions (id, description) that wait for a person, all in one message and each once.

    Returns how many were told now.
    """
    with connect(settings) as connection:
        connection.execute("select pg_advisory_xact_lock(hashtext('zaoxue held'))")
        told = {
            row[0]
            for row in connection.execute(
                "select submission_id from ops.alert_submission where submission_id = any(%s)",
                [[submission for submission, _ in held]],
            )
        }
        new = [(submission, words) for submission, words in held if submission not in told]
        if new:
            ids = [submission for submission, _ in new]
            key = "held|" + hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
            notice_to_engineers(connection, "held", key, held=[words for _, words in new])
            connection.execute("insert into ops.alert_submission select unnest(%s::text[]), %s", [ids, key])
        send_outbox(connection, settings)
    return len(new)


def _message(notice: str, words: dict[str, Any]) -> Message:
    subject, _, body = render(f"engineers/{notice}.txt", words).partition("\n")
    return Message(subject.strip(), body.strip() + "\n")
