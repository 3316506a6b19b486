"""Print the stages that one stage must wait for, as JSON lines, until none is left.

running.py ROOT SITE [RUN STAGE ATTEMPT]   prints {"running": [{"run", "stage", "attempt", "started"}]} every few
seconds; the last list is empty. Stages of other runs of the site are waited for, and other attempts of the same stage;
other stages of the same run are not: whoever orders them knows which may run side by side. What a stage that died left
behind is cleared on the way.
"""

import glob
import json
import os
import sys
import time

import common

PAUSE_SECONDS = 3


def stages(root):
    """Yield folder and order of every stage that was ever started here, whatever version of Bringup did it."""
    runs = os.path.join(glob.escape(root), "runs")
    for pattern in ("*/*/stage.json", "*/*/*/stage.json"):
        for path in glob.glob(os.path.join(runs, pattern)):
            stage = common.read_json(path)
            if stage:
                yield os.path.dirname(path), stage


def in_the_way(stage, own):
    """Say whether a stage must end before the one that asks may start."""
    run, name, attempt = own
    if stage["run"] != run:
        return True
    return stage["stage"] == name and str(stage.get("attempt", 1)) != attempt


def running(root, site, own):
    """List the stages of a site that must end first, oldest first."""
    found = []
    for directory, stage in stages(root):
        if stage["site"] != site or os.path.exists(os.path.join(directory, "ended.json")):
            continue
        if common.is_running(directory) or common.is_starting(directory):
            if in_the_way(stage, own):
                found.append({key: stage.get(key, 1) for key in ("run", "stage", "attempt", "started")})
        else:
            common.clear(directory)
    return sorted(found, key=lambda stage: stage["started"])


def main():
    root, site, *own = sys.argv[1:]
    while True:
        found = running(root, site, own or ("", "", ""))
        print(json.dumps({"running": found}), flush=True)
        if not found:
            return
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
