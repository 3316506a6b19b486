#!/usr/bin/python3
"""Starts RKE2 on a server where it is not running with its files of now, and looks for some seconds whether it is up."""

from __future__ import annotations

import re
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_rke2_unit import digest, log_lines, read_stamp, systemctl, unit_state, write_stamp

DOCUMENTATION = r"""
module: bringup_rke2_start
short_description: Start or restart RKE2, and see whether it is up
description:
  - Restarts only when a file that the unit reads at its start is another one than it was started with. systemd is not waited for,
    as the first start of a server takes minutes; call it with until and retries, so that each attempt shows the log.
  - Does not fail by itself. C(hopeless) says that the log tells of a refusal, or that the unit ended again and again.
options:
  unit: {description: The systemd unit., type: str, required: true}
  files: {description: Files that the unit reads when it starts., type: list, elements: path, required: true}
  mark: {description: The attempt that this start belongs to., type: str, required: true}
  seconds: {description: How long one look lasts., type: float, default: 8}
  only_look: {description: Whether to leave it as it is., type: bool, default: false}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_rke2_start: {unit: rke2-server.service, files: [/etc/rancher/rke2/config.yaml], mark: r1/1}
  register: state
  until: state.ready or state.hopeless
"""
RETURN = r"""
ready: {description: It runs with its files of now., type: bool, returned: always}
hopeless: {description: Waiting longer is of no use., type: bool, returned: always}
log: {description: Last lines of its log., type: list, elements: str, returned: when not ready}
"""
# What a node says again and again when the cluster does not take it.
REFUSED = re.compile(r"401 Unauthorized|403 Forbidden|CA hash does not match|Node password rejected|critical configuration value mismatch|encrypted with different token")
REFUSALS, ENDS = 3, 3


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "unit": {"type": "str", "required": True},
            "files": {"type": "list", "elements": "path", "required": True},
            "mark": {"type": "str", "required": True},
            "seconds": {"type": "float", "default": 8},
            "only_look": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
    )
    unit, mark = module.params["unit"], module.params["mark"]
    wanted, stamp, state = digest(module.params["files"]), read_stamp(), unit_state(unit)
    running = state.get("ActiveState") in ("active", "activating", "reloading")
    stale = not running or stamp.get("digest") != wanted or state.get("UnitFileState") != "enabled"
    if module.params["only_look"]:
        module.exit_json(changed=False, **look(unit, stamp, module.params["seconds"]))
    if module.check_mode:
        module.exit_json(changed=stale, ready=True, hopeless=False, msg=f"would start {unit}" if stale else f"{unit} runs")
    if stale:
        stamp = {"digest": wanted, "mark": mark, "at": time.time(), "restarts": int(state.get("NRestarts") or 0) if running else 0}
        start(module, unit, running)
        write_stamp(stamp)
    changed = stamp.get("mark") == mark
    found = look(unit, stamp, module.params["seconds"])
    module.exit_json(changed=changed, **found)


def start(module: AnsibleModule, unit: str, running: bool) -> None:
    for words in (("daemon-reload",), ("enable", unit), ("reset-failed", unit), ("restart" if running else "start", "--no-block", unit)):
        done = systemctl(*words)
        if done.returncode != 0 and words[0] != "reset-failed":
            module.fail_json(code="RKE2_UNIT", ready=False, hopeless=True, msg=f"systemctl {' '.join(words)} failed: {done.stderr.strip()}")


def look(unit: str, stamp: dict, seconds: float) -> dict:
    deadline, since = time.monotonic() + seconds, stamp.get("at", time.time() - 60)
    while True:
        state = unit_state(unit)
        # A restart that was ordered a moment ago is not carried out before the old process has ended.
        if state.get("ActiveState") == "active" and not pending(unit):
            return {"ready": True, "hopeless": False, "msg": f"{unit} is up"}
        lines = log_lines(unit, since)
        hopeless = refused(lines) or int(state.get("NRestarts") or 0) - stamp.get("restarts", 0) >= ENDS
        if hopeless or time.monotonic() >= deadline:
            break
        time.sleep(0.5)
    last = next((line for line in reversed(lines) if re.search("level=(?:fatal|error)", line)), lines[-1] if lines else "its log is empty")
    how = "is not up, and trying again does not help" if hopeless else f"is {state.get('SubState', 'not there')}"
    text = "\n".join(lines)
    found = {"ready": False, "hopeless": hopeless, "log": lines[-8:], "stderr": text, "msg": f"{unit} {how}. Last in its log: {last}"}
    # A log that says why speaks for itself.
    return found if told(text) else {**found, "code": "RKE2_NOT_UP"}


def pending(unit: str) -> bool:
    return unit in systemctl("list-jobs", "--no-legend", "--plain").stdout


def refused(lines: list[str]) -> bool:
    return sum(1 for line in lines if REFUSED.search(line)) >= REFUSALS


def told(text: str) -> bool:
    return bool(re.search("level=(?:fatal|error)", text) or REFUSED.search(text))


if __name__ == "__main__":
    main()
