"""A small mail server: smtp_receiver.py RECORD PORT. Prints its port; writes each message taken as one JSON line."""

from __future__ import annotations

import email
import email.policy
import json
import sys
import threading
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

RECORD, PORT = Path(sys.argv[1]), int(sys.argv[2])


class Handler:
    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain",))
        taken = {
            "to": envelope.rcpt_tos,
            "subject": str(message["Subject"]),
            "body": body.get_content() if body is not None else "",
        }
        with RECORD.open("a", encoding="utf-8") as record:
            record.write(json.dumps(taken, ensure_ascii=False) + "\n")
        return "250 OK"


controller = Controller(Handler(), hostname="127.0.0.1", port=PORT)
controller.start()
print(PORT, flush=True)
threading.Event().wait()
