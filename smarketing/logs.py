"""One JSON object a line, for whatever collects the logs."""

import json
import logging
import re
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# Django attaches the request; it is not data, and would print personal data.
_NEVER = frozenset({"request"})


# A link that lets somebody in, dead or alive, and addresses are not for whoever reads the logs.
_LINKS = re.compile(r"(/invitations/|/password/reset/key/)[^/\s\"']+")
_ADDRESSES = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def discreet(text: str) -> str:
    """`text` without the secret part of links and without e-mail addresses."""
    return _ADDRESSES.sub("…@…", _LINKS.sub(r"\1…", text))


class Discreet(logging.Filter):
    """Takes out of every line what nobody may read there, its traceback included."""

    def filter(self, record):
        record.msg, record.args = discreet(record.getMessage()), ()
        if record.exc_info and record.exc_info[0]:
            record.exc_text = discreet(logging.Formatter().formatException(record.exc_info))
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {k: v for k, v in vars(record).items() if k not in _STANDARD | _NEVER}
        if record.exc_info:
            line["exception"] = record.exc_text or self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
