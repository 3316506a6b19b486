"""Reads the store of logs: STORE/HOST/YYYY-MM-DD.log, one JSON document a line."""

from __future__ import annotations

import collections
import datetime
import json
import pathlib
import re

DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.log")


class BadQuestion(Exception):
    """What was asked cannot be answered; the text says why."""


def parse_moment(text: str) -> datetime.datetime:
    """An ISO 8601 moment; without a zone it is this machine's time. BadQuestion where it is none."""
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone()
    except ValueError as error:
        raise BadQuestion(f"{text!r} is no moment such as 2026-11-21T18:30:00Z") from error


def search(
    store: str, host: str = "", since: str = "", until: str = "", text: str = "", program: str = "", severity: str = "", limit: int = 1000
):
    """Yield the newest `limit` records that fit, oldest first; `text` is looked for as it is, in any case, in program and text."""
    begin = parse_moment(since) if since else None
    end = parse_moment(until) if until else None
    needle = text.casefold()
    found: list[dict] = []
    for path in files(store, host, begin, end):
        # No file can give more than are wanted in all; a day of a busy machine does not fit into memory.
        taken: collections.deque[dict] = collections.deque(maxlen=limit)
        for record in read(path):
            at = record["moment"]
            if (begin and at < begin) or (end and at > end) or (severity and record.get("severity") != severity):
                continue
            if program and record.get("program") != program:
                continue
            if needle and needle not in f"{record.get('program', '')}: {record.get('text', '')}".casefold():
                continue
            taken.append(record)
        found.extend(taken)
    found.sort(key=lambda record: record["moment"])
    for record in found[-limit:]:
        yield {key: value for key, value in record.items() if key != "moment"}


def files(store: str, host: str, begin: datetime.datetime | None, end: datetime.datetime | None) -> list[pathlib.Path]:
    """Files of the days that can hold what is asked for; a day more on both sides, as days are those of the server's zone."""
    root, day = pathlib.Path(store), datetime.timedelta(days=1)
    if not root.is_dir():
        raise BadQuestion(f"there is no store of logs at {store}")
    if host and (root / host).parent != root:
        raise BadQuestion(f"{host!r} is no name of a machine")
    folders = [root / host] if host else sorted(path for path in root.iterdir() if path.is_dir())
    first = (begin - day).date().isoformat() if begin else ""
    last = (end + day).date().isoformat() if end else "9999"
    return [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if DAY.fullmatch(path.name) and first <= path.stem <= last]


def read(path: pathlib.Path):
    """Records of one file; a line that is torn or no JSON is passed over."""
    with open(path, encoding="utf-8", errors="replace") as source:
        for line in source:
            try:
                record = json.loads(line)
                moment = datetime.datetime.fromisoformat(record["at"])
            except (ValueError, KeyError, TypeError):
                continue
            record["text"] = str(record.get("text", "")).strip()
            yield {**record, "moment": moment}
