"""Print the stages of a site that still run on this machine, as JSON lines, until none is left.

What a stage that died left behind is cleared on the way.
running.py ROOT SITE   prints {"running": [{"run", "stage", "started"}]} every few seconds; the last list is empty.
"""

import glob
import json
import os
import sys
import time

import common

PAUSE_SECONDS = 3


def running(root, site):
    """List the stages of a site that are still being carried out, oldest first."""
    found = []
    for path in glob.glob(os.path.join(glob.escape(root), "runs", "*", "*", "stage.json")):
        stage = common.read_json(path)
        directory = os.path.dirname(path)
        if not stage or stage["site"] != site or os.path.exists(os.path.join(directory, "ended.json")):
            continue
        if common.is_running(directory):
            found.append({key: stage[key] for key in ("run", "stage", "started")})
        else:
            common.clear(directory)
    return sorted(found, key=lambda stage: stage["started"])


def main():
    root, site = sys.argv[1:]
    while True:
        found = running(root, site)
        print(json.dumps({"running": found}), flush=True)
        if not found:
            return
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
