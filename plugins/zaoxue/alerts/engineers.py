"""Alerts to the engineers: a night that is late or has failed. Never one for a file."""

from __future__ import annotations

from zaoxue.alerts.outbox import send_outbox
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect

RECIPIENT = "engineers"


def tell_engineers(settings: Settings, *, key: str, subject: str, body: str) -> bool:
    """Send one message through the outbox; False where one with this key has been written before. No personal data."""
    with connect(settings) as connection:
        written = connection.execute(
            "insert into ops.alert (alert_key, kind, recipient, subject, body) values (%s, 'engineers', %s, %s, %s)"
            " on conflict (alert_key) do nothing",
            [key, RECIPIENT, subject, body],
        ).rowcount
        send_outbox(connection, settings)
    return written == 1
