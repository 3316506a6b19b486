#!/usr/bin/python3
"""Keeps the store of logs within its days and its size: removes the oldest days first, never the day that is written.

Reads /etc/bringup/log-keep.json, {store, keep_days, limit_gib}, or the file that is named.
"""

import datetime
import json
import pathlib
import sys


def main(config):
    wanted = json.loads(pathlib.Path(config).read_text(encoding="utf-8"))
    today = datetime.date.today()
    oldest = (today - datetime.timedelta(days=wanted["keep_days"])).isoformat()
    files = sorted(pathlib.Path(wanted["store"]).glob("*/????-??-??.log"), key=lambda path: path.name)
    sizes = {path: path.stat().st_size for path in files}
    total, limit = sum(sizes.values()), wanted["limit_gib"] * (1 << 30)
    for path in files:
        if path.stem >= today.isoformat() or (path.stem >= oldest and total <= limit):
            continue
        path.unlink()
        total -= sizes[path]
        print(f"removed {path}")
    if total > limit:
        print(f"the logs of today alone take {total >> 20} MiB, more than their limit", file=sys.stderr)


main(sys.argv[1] if len(sys.argv) > 1 else "/etc/bringup/log-keep.json")
