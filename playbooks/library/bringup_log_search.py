#!/usr/bin/python3
"""Searches the central logs. Also a command: bringup_log_search.py [--host H] [--since T] [--until T] [--text T] [--program P]
[--severity S] [--limit N] [--store FOLDER] prints one JSON document a line, the newest N, oldest first; exit 0, or 2 with a sentence."""

from __future__ import annotations

import argparse
import json
import pathlib
import sys
import time

DOCUMENTATION = r"""
module: bringup_log_search
short_description: Find messages in the central logs
description: Waits until a message that fits is there, and checks that its time is right.
options:
  store: {description: Folder of the logs., type: path, default: /var/log/bringup}
  host: {description: Name of the machine that sent it., type: str, default: ""}
  text: {description: "What the message has to hold, as it is.", type: str, required: true}
  program: {description: "Which program has to have logged it; empty means any.", type: str, default: ""}
  wait: {description: Seconds until it has to be there., type: int, default: 60}
  max_offset: {description: "Seconds by which the sender's clock may be off.", type: float, default: 300}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_log_search: {host: node-1, text: bringup-proof-r1-1}
"""
RETURN = r"""
record: {description: "The message: at, sent, host, from, facility, severity, program, text.", type: dict, returned: success}
"""


def main() -> None:
    from ansible.module_utils import bringup_log_store as log_store
    from ansible.module_utils.basic import AnsibleModule

    module = AnsibleModule(
        argument_spec={
            "store": {"type": "path", "default": "/var/log/bringup"},
            "host": {"type": "str", "default": ""},
            "text": {"type": "str", "required": True},
            "program": {"type": "str", "default": ""},
            "wait": {"type": "int", "default": 60},
            "max_offset": {"type": "float", "default": 300},
        },
        supports_check_mode=True,
    )
    params = module.params
    record = wait_for(log_store, params)
    if record is None:
        elsewhere = look(log_store, params, "")
        seen = f"; it came in as {elsewhere['host']} from {elsewhere['from']}" if elsewhere else ""
        whose = f" of {params['host']}" if params["host"] else ""
        module.fail_json(code="LOG_MISSING", msg=f"No message{whose} with {params['text']!r} came into the central logs within {params['wait']} s{seen}.")
    offset = (log_store.parse_moment(record["sent"]) - log_store.parse_moment(record["at"])).total_seconds()
    if abs(offset) > params["max_offset"]:
        module.fail_json(code="LOG_CLOCK", msg=f"The message of {record['host']} came at {record['at']} and says {record['sent']}: its clock is {offset:+.0f} s off.")
    module.exit_json(changed=False, record=record, msg=f"{record['host']} at {record['at']}: {record['text'][:200]}")


def wait_for(log_store, params: dict) -> dict | None:
    end = time.monotonic() + params["wait"]
    while True:
        record = look(log_store, params, params["host"])
        if record is not None or time.monotonic() > end:
            return record
        time.sleep(1)


def look(log_store, params: dict, host: str) -> dict | None:
    try:
        found = list(log_store.search(params["store"], host, text=params["text"], program=params["program"], limit=1))
    except log_store.BadQuestion:
        return None
    return found[0] if found else None


def command(arguments: list[str]) -> int:
    # A cache folder in the tree would change the checksum the project is uploaded under.
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "module_utils"))
    import bringup_log_store as log_store

    parser = argparse.ArgumentParser(prog="bringup_log_search.py", description="Searches the central logs.")
    for name in ("host", "since", "until", "text", "program", "severity"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--limit", type=int, default=1000)
    parser.add_argument("--store", default="/var/log/bringup")
    asked = vars(parser.parse_args(arguments))
    try:
        for record in log_store.search(asked.pop("store"), **asked):
            print(json.dumps(record))
    except log_store.BadQuestion as error:
        print(f"LOG_QUESTION: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    # Ansible calls a module without arguments, its parameters on standard input.
    if len(sys.argv) > 1:
        sys.exit(command(sys.argv[1:]))
    main()
