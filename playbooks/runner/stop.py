"""Ask a stage to stop: stop.py DIRECTORY [--grace SECONDS]. Its end is told by tail.py.

With --grace the running task may end and no further one starts; a stage that still runs after so many seconds is
stopped all the same. Without it the stage is stopped at once. Prints {"asked", "known"}: `asked` is false where nothing
runs, `known` where no such stage was ever started.
"""

import argparse
import json
import os
import signal
import time

import common


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--grace", type=float)
    options = parser.parse_args()
    process = common.live_process(options.directory)
    if process and options.grace is None:
        # Says that Bringup asked, as against a machine that goes down or a person who kills.
        common.write_private(os.path.join(options.directory, "asked"), "")
        os.kill(process["pid"], signal.SIGTERM)
    elif process:
        path = os.path.join(options.directory, "stop.json")
        if not os.path.exists(path):
            common.write_private(path, json.dumps({"deadline": time.monotonic() + options.grace}))
    known = os.path.exists(os.path.join(options.directory, "processes.json"))
    print(json.dumps({"asked": bool(process), "known": known}))


if __name__ == "__main__":
    main()
