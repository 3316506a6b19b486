"""Print a stage's job events as JSON lines, in counter order, from one counter on, until the stage has ended.

tail.py DIRECTORY STAGE --from N   prints {"event": {...}}, {"heartbeat": {...}} while nothing happens, and at last
{"end": {"status", "rc", "output", "between", "restarted", "asked", "disk_full"}}. `status` is ansible-runner's own word
(successful, failed, canceled, timeout) or `died` where it ended without one; `between` is true where it was stopped
between two tasks, `restarted` where the machine went down since, `asked` where Bringup had asked it to stop, `disk_full`
where there was no room for its files. A line is at most LINE_BYTES long: long strings lose their middle, never their ends.

What a module says that it changed is told as a unified diff, `told_diff`; its arguments never are. The cells of a matrix
that it returns, `bringup_cells`, are told whole up to CELLS_BYTES, those that are not well first.

Events before the counter of --known are told in short, as the reader has them: only what the end is judged by.
"""

import argparse
import difflib
import json
import os
import subprocess
import time

import common

HEARTBEAT_SECONDS = 5
LOOK_SECONDS = 0.1
# A processor that is emulated takes some milliseconds for a look, which the stage itself then lacks.
EMULATED_LOOK_SECONDS = 0.3
# A supervisor that ends says so in a file; one that was killed is missed so often.
LIFE_SECONDS = 1
LINE_BYTES = 65536
STRING_CHARACTERS = 4000
LIST_ITEMS = 100
CELLS_BYTES = 48000
CELL_CHARACTERS = 300
OUTPUT_LINES = 40
# Comparing longer texts line by line would take longer than anybody waits for a diff.
DIFF_CHARACTERS = 50_000
# Two files made within one tick of the kernel's clock leave the same time on their folder.
CLOCK_GRAIN_NANOSECONDS = 50_000_000
KEPT = (
    "play", "task", "task_uuid", "task_path", "task_action", "host", "res", "duration", "ignore_errors",
    "ok", "changed", "dark", "failures", "skipped", "ignored", "rescued",
)
CELL = ("from", "to", "probe", "at", "status", "seen", "wanted")
DROPPED = {"bringup_cells", "invocation", "ansible_facts", "stdout_lines", "stderr_lines", "results", "diff", "_ansible_no_log"}
# What is kept of a result that is too long even with its texts shortened.
LAST_RESORT = ("msg", "rc", "cmd", "stdout", "stderr", "told_diff")
# All that is told of an event that the reader has, unless it is a failure or Ansible's own words.
KNOWN = ("play", "task", "task_uuid", "host")
TELLING = ("failed", "unreachable", "stats", "no_hosts")
SPOKEN = {"verbose", "error", "warning", "system_warning", "deprecated"}


def trim(value, characters):
    """Shorten what is long and leave out what only repeats other fields."""
    if isinstance(value, str) and len(value) > characters:
        left_out = len(value) - characters
        half = characters // 2
        return f"{value[:half]}\n[{left_out} characters left out]\n{value[-half:]}"
    if isinstance(value, list):
        return [trim(item, characters) for item in value[:LIST_ITEMS]]
    if isinstance(value, dict):
        return {key: trim(item, characters) for key, item in value.items() if key not in DROPPED}
    return value


def diff_lines(part):
    """Return one diff of a module as the lines of a unified diff."""
    if isinstance(part.get("prepared"), str):
        return part["prepared"].splitlines()
    if "before" not in part or "after" not in part:
        return []
    sides = [part["before"], part["after"]]
    texts = [side if isinstance(side, str) else json.dumps(side, indent=1, sort_keys=True) for side in sides]
    if max(map(len, texts)) > DIFF_CHARACTERS:
        return [f"{len(texts[0])} characters before, {len(texts[1])} after: too long to be compared"]
    names = [str(part.get(f"{side}_header") or side) for side in ("before", "after")]
    return difflib.unified_diff(*(text.splitlines() for text in texts), *names, lineterm="")


def told_diff(diff):
    """Return what a module says that it changed as one text; empty where it says nothing."""
    parts = diff if isinstance(diff, list) else [diff]
    lines = [line for part in parts[:LIST_ITEMS] if isinstance(part, dict) for line in diff_lines(part)]
    return "\n".join(lines)


def told_cells(cells):
    """Return the named fields of the cells that a module returns, within CELLS_BYTES, and how many were left out."""
    found = [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []
    told, size = [], 0
    for cell in sorted(found, key=lambda one: one.get("status") == "ok"):
        named = {name: str(cell[name])[:CELL_CHARACTERS] for name in CELL if name in cell}
        size += len(json.dumps(named)) + 2
        if size > CELLS_BYTES:
            break
        told.append(named)
    return told, len(found) - len(told)


def compact(event):
    """Return the line for one event file, within LINE_BYTES."""
    data = event.get("event_data") or {}
    short = {key: event[key] for key in ("counter", "event", "created") if key in event}
    short["data"] = {key: data[key] for key in KEPT if key in data}
    result = data["res"] if isinstance(data.get("res"), dict) else {}
    if result.get("diff"):
        short["data"]["res"] = {**result, "told_diff": told_diff(result["diff"])}
    if event.get("event") in SPOKEN:
        short["stdout"] = event.get("stdout", "")
    cells, left_out = told_cells(result.get("bringup_cells"))
    whole = {**({"cells": cells} if cells else {}), **({"cells_left_out": left_out} if left_out else {})}
    for characters in (STRING_CHARACTERS, 400):
        line = line_of(short, characters, whole)
        if len(line) <= LINE_BYTES:
            return line
    result = short["data"].get("res") or {}
    short["data"]["res"] = {key: result[key] for key in LAST_RESORT if key in result}
    return line_of(short, 400, whole)


def line_of(short, characters, whole):
    """Return an event as a line, its texts shortened but for what is told whole."""
    told = trim(short, characters)
    told["data"].update(whole)
    return json.dumps({"event": told})


def brief_line(event):
    """Return the line for an event that the reader has: failures whole, of the rest who answered what."""
    kind = event.get("event", "")
    if kind in SPOKEN or any(word in kind for word in TELLING):
        return compact(event)
    data = event.get("event_data") or {}
    brief = {key: data[key] for key in KNOWN if key in data}
    if "res" in data:
        brief["res"] = {"changed": bool((data["res"] or {}).get("changed"))}
    return json.dumps({"event": {"counter": event["counter"], "event": kind, "data": brief}})


def counters(events):
    """Map the counter of every event file to its name."""
    try:
        names = [name for name in os.listdir(events) if name.endswith(".json") and "partial" not in name]
    except FileNotFoundError:
        return {}
    return {int(name.partition("-")[0]): name for name in names}


def fresh(events, last):
    """Return the names after a counter, in order. A listing may miss a file made meanwhile: a gap is looked at twice."""
    found = counters(events)
    new = sorted(counter for counter in found if counter > last)
    if new and new[-1] - last != len(new):
        found = counters(events)
        new = sorted(counter for counter in found if counter > last)
    return [(counter, found[counter]) for counter in new]


def last_lines(*paths):
    """Return the last lines of the first file that says anything."""
    for path in paths:
        try:
            with open(path, encoding="utf-8", errors="replace") as stream:
                lines = stream.read()[-20000:].strip().splitlines()
        except OSError:
            continue
        if lines:
            return "\n".join(lines[-OUTPUT_LINES:])
    return ""


def lost_event(counter):
    """Stand in for an event whose file a machine without power has left empty."""
    text = f"Event {counter} of ansible-runner was lost with the power of its machine."
    return {"counter": counter, "event": "warning", "stdout": text}


def goes_down():
    """Say whether the machine is on its way down: systemd then ends everything, this stage included."""
    if not os.path.isdir("/run/systemd/system"):
        return False
    asked = subprocess.run(["systemctl", "is-system-running"], capture_output=True, text=True, check=False)
    return asked.stdout.strip() == "stopping"


def ending(directory, artifacts):
    """Describe how the stage ended, in ansible-runner's words where it left any."""
    ended = common.read_json(os.path.join(directory, "ended.json")) or {}
    status, code = last_lines(os.path.join(artifacts, "status")), last_lines(os.path.join(artifacts, "rc"))
    output = last_lines(*(os.path.join(artifacts, name) for name in ("stdout", "stderr")),
                        os.path.join(directory, "runner.log"))
    code = int(code) if code.lstrip("-").isdigit() else ended.get("rc")
    between = os.path.exists(os.path.join(directory, "stopped"))
    restarted = common.was_restarted(directory) or goes_down()
    asked = any(os.path.exists(os.path.join(directory, name)) for name in ("stop.json", "asked"))
    status = "canceled" if between else status or "died"
    full = os.path.exists(os.path.join(directory, "disk-full")) or common.disk_is_full(directory)
    end = {"status": status, "rc": code, "output": output, "between": between}
    return {"end": {**end, "restarted": restarted, "asked": asked, "disk_full": full}}


def follow(directory, stage, last, known):
    """Yield the lines of a stage until it has ended."""
    artifacts = os.path.join(directory, "artifacts", stage)
    events = os.path.join(artifacts, "job_events")
    ended = os.path.join(directory, "ended.json")
    pause = EMULATED_LOOK_SECONDS if common.is_emulated() else LOOK_SECONDS
    seen, spoke, alive = None, time.monotonic(), None
    while True:
        if os.path.exists(ended):
            running = False
        elif alive is None or time.monotonic() - alive >= LIFE_SECONDS:
            running, alive = common.is_running(directory), time.monotonic()
        try:
            changed = os.stat(events).st_mtime_ns
        except FileNotFoundError:
            changed = None
        if changed != seen or not running:
            settled = changed is not None and time.time_ns() - changed > CLOCK_GRAIN_NANOSECONDS
            seen = changed if settled else None
            for counter, name in fresh(events, last):
                event = common.read_json(os.path.join(events, name)) or lost_event(counter)
                last = counter
                if event.get("event") != "runner_on_start":
                    spoke = time.monotonic()
                    yield brief_line(event) if counter < known else compact(event)
        if not running:
            common.clear(directory)
            yield json.dumps(ending(directory, artifacts))
            return
        if time.monotonic() - spoke >= HEARTBEAT_SECONDS:
            spoke = time.monotonic()
            yield json.dumps({"heartbeat": {"counter": last}})
        yield None
        time.sleep(pause)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("stage")
    parser.add_argument("--from", dest="last", type=int, default=0)
    parser.add_argument("--known", type=int, default=0)
    options = parser.parse_args()
    for line in follow(options.directory, options.stage, options.last, options.known):
        print(line or "", end="\n" if line else "", flush=line is None)


if __name__ == "__main__":
    main()
