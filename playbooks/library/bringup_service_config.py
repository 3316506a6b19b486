#!/usr/bin/python3
"""Writes the configuration of services and runs them: all files checked before any is replaced, all in one go."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_service_config
short_description: Configure and run systemd services in one step
description:
  - Does what template, systemd and a handler would do for each service, in one process. Starting a module takes seconds in an
    emulated machine, and a site runs this again at every apply.
options:
  files: {description: "Files with path, content and validate, a command with %s for the new file.", type: list, elements: dict, required: true}
  services: {description: "Services with name, run (whether it is to run) and files, the paths it reads.", type: list, elements: dict, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_service_config:
    files: [{path: /etc/dnsmasq.conf, content: "port=53\n", validate: "dnsmasq --test --conf-file=%s"}]
    services: [{name: dnsmasq.service, run: true, files: [/etc/dnsmasq.conf]}]
"""
RETURN = r"""
written: {description: Files that were replaced., type: list, elements: str, returned: always}
acted: {description: What was done to services., type: list, elements: str, returned: always}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "files": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "path": {"type": "path", "required": True},
                    "content": {"type": "raw", "required": True},
                    "validate": {"type": "str"},
                },
            },
            "services": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "run": {"type": "bool", "required": True},
                    "files": {"type": "list", "elements": "path", "default": []},
                },
            },
        },
        supports_check_mode=True,
    )
    for one in module.params["files"]:
        one["content"] = text_of(one["content"])
    differing = [one for one in module.params["files"] if not holds(one["path"], one["content"])]
    drafts = {one["path"]: draft(module, one) for one in differing}
    if not module.check_mode:
        for path, name in drafts.items():
            os.replace(name, path)
    else:
        for name in drafts.values():
            os.unlink(name)
    acted = [done for one in module.params["services"] for done in settle(module, one, set(drafts))]
    written = sorted(drafts)
    told = [f"wrote {path}" for path in written] + acted
    module.exit_json(changed=bool(told), written=written, acted=acted, msg=", ".join(told) or "everything is as wanted")


def text_of(content: object) -> str:
    """Return what a file is to hold: Ansible hands a text that looks like JSON over as data."""
    return content if isinstance(content, str) else json.dumps(content, indent=4, sort_keys=True) + "\n"


def holds(path: str, content: str) -> bool:
    """Say whether the path is a plain file with exactly this content."""
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    with open(path, encoding="utf-8") as file:
        return file.read() == content


def draft(module: AnsibleModule, wanted: dict) -> str:
    """Write the content beside its file and have it checked; nothing is in use yet."""
    path = wanted["path"]
    handle, name = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".bringup-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(wanted["content"])
    os.chmod(name, 0o644)
    if wanted["validate"]:
        command = [word.replace("%s", name) for word in wanted["validate"].split()]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            os.unlink(name)
            module.fail_json(
                code="SERVICE_CONFIG",
                msg=f"{path} would not be valid and was left as it is: {(done.stderr or done.stdout).strip()}",
                rc=done.returncode,
            )
    return name


def settle(module: AnsibleModule, service: dict, written: set[str]) -> list[str]:
    """Bring one service to the wanted state; what was done, in words."""
    name, run = service["name"], service["run"]
    states = systemctl("show", "--property=ActiveState,UnitFileState", name).stdout
    active = "ActiveState=active" in states
    enabled = "UnitFileState=enabled" in states
    fresh = bool(written & set(service["files"]))
    steps = plan(run, active, enabled, fresh)
    if module.check_mode:
        return [f"would {step} {name}" for step in steps]
    for step in steps:
        done = systemctl(step, name)
        if done.returncode != 0:
            log = subprocess.run(
                ["journalctl", "--unit", name, "--lines", "20", "--no-pager", "--output", "cat"],
                capture_output=True,
                text=True,
                check=False,
            )
            module.fail_json(
                code="SERVICE_START" if step in ("start", "restart") else "SERVICE_STATE",
                msg=f"systemctl {step} {name} failed: {done.stderr.strip()}",
                stderr=log.stdout,
                rc=done.returncode,
            )
    return [f"{step} {name}" for step in steps]


def plan(run: bool, active: bool, enabled: bool, fresh: bool) -> list[str]:
    """List the systemctl verbs that lead from what is to what is wanted."""
    if not run:
        return (["stop"] if active else []) + (["disable"] if enabled else [])
    if not enabled:
        # Enabling may add an alias, and systemd 252 then loses track of a unit that runs: so it does not run meanwhile.
        return (["stop"] if active else []) + ["enable", "start"]
    if not active:
        return ["start"]
    return ["restart"] if fresh else []


def systemctl(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemctl", *words], capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main()
