"""Ask a stage to stop: stop.py DIRECTORY. Its end is told by tail.py; prints {"asked": false} where nothing runs."""

import json
import os
import signal
import sys

import common


def main():
    process = common.live_process(sys.argv[1])
    if process:
        os.kill(process["pid"], signal.SIGTERM)
    print(json.dumps({"asked": bool(process)}))


if __name__ == "__main__":
    main()
