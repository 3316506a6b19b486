"""Reads the store of logs, STORE/HOST/YYYY-MM-DD.log with one JSON document a line, from the newest message back.

Needs Python alone: Bringup also sends this file over SSH to the machine that has the store, and calls reply() there.
"""

from __future__ import annotations

import datetime
import heapq
import itertools
import json
import pathlib
import re
import time

DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.log")
# As rsyslog writes them, the worst first.
SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")
AT = re.compile(rb'"at":"([^"]+)"')
# What rsyslog writes into JSON as it is: only such a text can be looked for before a line is decoded.
PLAIN = re.compile(r"[A-Za-z0-9 _.,=-]+")
CHUNK = 1 << 16
# Inputs of rsyslog write side by side: lines of one file may be out of order by less than this.
DISORDER = datetime.timedelta(seconds=5)
# A page beyond this is cut, and so is a single text.
PAGE_CHARACTERS, TEXT_CHARACTERS = 1 << 20, 8192


class BadQuestion(Exception):
    """What was asked cannot be answered; the text says why."""


class NoStore(BadQuestion):
    """There is no store of logs on this machine."""


def parse_moment(text: str) -> datetime.datetime:
    """An ISO 8601 moment; without a zone it is this machine's time. BadQuestion where it is none."""
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone()
    except ValueError as error:
        raise BadQuestion(f"{text!r} is no moment such as 2026-11-21T18:30:00Z") from error


class Question:
    """What is looked for. `kinds` maps senders to sources; `before` is (moment, sender, place) of the last one told."""

    def __init__(self, host="", since="", until="", text="", program="", severity="", source="", kinds=None, before=None, seconds=0.0):
        self.host, self.program, self.source, self.kinds = host, program, source, kinds or {}
        self.begin = parse_moment(since) if since else None
        self.end = parse_moment(until) if until else None
        self.before = None if before is None else (parse_moment(before[0]), str(before[1]), int(before[2]))
        if self.before is not None and (self.end is None or self.before[0] < self.end):
            self.end = self.before[0]
        if severity and severity not in SEVERITIES:
            raise BadQuestion(f"{severity!r} is no severity; there are {', '.join(SEVERITIES)}")
        self.severities = SEVERITIES[: SEVERITIES.index(severity) + 1] if severity else SEVERITIES
        self.bad_only = bool(severity)
        self.needle = text.casefold()
        self.early = text.lower().encode() if PLAIN.fullmatch(text) else b""
        self.late_at = time.monotonic() + seconds if seconds else None

    def late(self) -> bool:
        return self.late_at is not None and time.monotonic() > self.late_at

    def takes(self, record: dict) -> bool:
        if self.program and record.get("program") != self.program:
            return False
        if self.bad_only and record.get("severity") not in self.severities:
            return False
        if self.source and self.source != source_of(record, self.kinds):
            return False
        return not self.needle or self.needle in f"{record.get('program', '')}: {record['text']}".casefold()


def source_of(record: dict, kinds: dict) -> str:
    """What kind of sender it was; what Ansible printed in a stage is told by its program."""
    if record.get("program") == "bringup-run":
        return "bringup"
    return kinds.get(record.get("host", ""), "other")


def search(store: str, host: str = "", limit: int = 1000, **asked):
    """The newest `limit` records that fit, oldest first; `severity` takes in those that are worse."""
    found = itertools.islice(walk(store, Question(host=host, **asked)), limit)
    return [record for _key, record in reversed(list(found))]


def page(store: str, limit: int = 200, **asked) -> dict:
    """One page, newest first: records, more, and where there is more `before`, which asks for what comes next, and how far it looked."""
    question = Question(**asked)
    found: list[dict] = []
    size, last, more = 0, question.before, False
    for key, record in walk(store, question):
        if len(found) == limit or size > PAGE_CHARACTERS or record is None:
            more = True
            if record is None:
                last = key
            break
        text = record["text"]
        size += min(len(text), TEXT_CHARACTERS)
        cut = {"text": text[:TEXT_CHARACTERS], "cut": len(text)} if len(text) > TEXT_CHARACTERS else {}
        found.append({**record, **cut, "id": f"{key[1]}/{key[2]}", "source": source_of(record, question.kinds)})
        last = key
    answer = {"records": found, "more": more}
    return answer if not more or last is None else {**answer, "before": [last[0].isoformat(), last[1], last[2]], "back_to": last[0].isoformat()}


def walk(store: str, question: Question):
    """Yield (key, record) from the newest back; a record of None says where it stopped because the time was over."""
    days: dict[str, list[pathlib.Path]] = {}
    for path in files(store, question.host, question.begin, question.end):
        days.setdefault(path.name, []).append(path)
    for day in sorted(days, reverse=True):
        for key, record in heapq.merge(*(backwards(path, question) for path in days[day]), key=lambda pair: pair[0], reverse=True):
            yield key, record
            if record is None:
                return


def files(store: str, host: str, begin: datetime.datetime | None, end: datetime.datetime | None) -> list[pathlib.Path]:
    """Files of the days that can hold what is asked for; a day more on both sides, as days are those of the server's zone."""
    root, day = pathlib.Path(store), datetime.timedelta(days=1)
    if not root.is_dir():
        raise NoStore(f"there is no store of logs at {store}")
    if host and (root / host).parent != root:
        raise BadQuestion(f"{host!r} is no name of a machine")
    folders = [root / host] if host else sorted(path for path in root.iterdir() if path.is_dir())
    first = (begin - day).date().isoformat() if begin else ""
    last = (end + day).date().isoformat() if end else "9999"
    return [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if DAY.fullmatch(path.name) and first <= path.stem <= last]


def backwards(path: pathlib.Path, question: Question):
    """Yield (key, record) of what fits in one file in the order of time, the newest first."""
    waiting: list[tuple] = []
    name = f"{path.parent.name}/{path.stem}"
    before, seen = question.before, 0
    for place, line in lines_back(path, end_of(path, question.end)):
        moment = moment_of(line)
        if moment is None:
            continue
        key = (moment, name, place)
        settled = moment + DISORDER
        while waiting and waiting[0][1][0] > settled:
            yield heapq.heappop(waiting)[1:]
        if question.begin is not None and settled < question.begin:
            break
        if before is not None and key >= before:
            continue
        seen += 1
        if seen % 256 == 0 and question.late():
            yield from (found[1:] for found in sorted(waiting) if found[1] > key)
            # Just above the line that was not looked at any more.
            yield (moment, name, place + 1), None
            return
        if (question.begin and moment < question.begin) or (question.end and moment > question.end):
            continue
        if question.early and question.early not in line.lower():
            continue
        record = decode(line)
        if record is not None and question.takes(record):
            heapq.heappush(waiting, ((-moment.timestamp(), -place), key, record))
    while waiting:
        yield heapq.heappop(waiting)[1:]


def lines_back(path: pathlib.Path, end: int):
    """Yield (place, line) of the lines of a file that begin before `end`, the last one first."""
    rest = b""
    while end > 0:
        start = max(0, end - CHUNK)
        with open(path, "rb") as source:
            source.seek(start)
            block = source.read(end - start) + rest
        first, *whole = block.split(b"\n")
        place = start + len(block)
        for line in reversed(whole):
            place -= len(line)
            yield place, line
            place -= 1
        end, rest = start, first
    if rest:
        yield 0, rest


def end_of(path: pathlib.Path, latest: datetime.datetime | None) -> int:
    """A place behind which everything is later than `latest`; the end of the file where that is not known."""
    low, high = 0, path.stat().st_size
    while latest is not None and high - low > 4 * CHUNK:
        middle = (low + high) // 2
        with open(path, "rb") as source:
            source.seek(middle)
            seen = [moment for moment in map(moment_of, source.read(2 * CHUNK).split(b"\n")[1:-1]) if moment is not None]
        if not seen:
            break
        if min(seen) > latest + DISORDER:
            high = middle
        else:
            low = middle
    return high


def moment_of(line: bytes) -> datetime.datetime | None:
    found = AT.search(line)
    try:
        return None if found is None else datetime.datetime.fromisoformat(found[1].decode()).astimezone()
    except ValueError:
        return None


def decode(line: bytes) -> dict | None:
    """One record; None for a line that is torn or no JSON."""
    try:
        record = json.loads(line.decode("utf-8", errors="replace"))
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    return {**record, "text": str(record.get("text", "")).strip()}


def reply(asked: dict) -> None:
    """Prints one JSON document: the page, or {error, text}."""
    try:
        answer = page(**asked)
    except NoStore as error:
        answer = {"error": "no-store", "text": str(error)}
    except BadQuestion as error:
        answer = {"error": "question", "text": str(error)}
    print(json.dumps(answer))
