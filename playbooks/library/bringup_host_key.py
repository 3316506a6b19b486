#!/usr/bin/python3
"""Pins the SSH host key of a target: the one it shows first, or the one the site file names."""

from __future__ import annotations

import os
import subprocess

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_host_key
short_description: Pin a target's SSH host key
description:
  - Writes the key into C(known_hosts) at first contact. Refuses another key than the one pinned or expected.
  - A target that does not answer is left to the connection itself, which then says unreachable.
options:
  address: {description: The target., type: str, required: true}
  port: {description: Its SSH port., type: int, default: 22}
  known_hosts: {description: File for this target alone., type: path, required: true}
  expected: {description: "Fingerprint as ssh-keygen -l prints it, SHA256:...", type: str, default: ""}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_host_key: {address: 198.18.20.11, known_hosts: /var/lib/bringup/known_hosts.d/node-1}
"""
RETURN = r"""
fingerprints: {description: What the target shows., type: list, elements: str, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "address": {"type": "str", "required": True},
            "port": {"type": "int", "default": 22},
            "known_hosts": {"type": "path", "required": True},
            "expected": {"type": "str", "default": ""},
        }
    )
    address, path, expected = module.params["address"], module.params["known_hosts"], module.params["expected"]
    shown = scan(address, module.params["port"])
    if not shown:
        module.exit_json(changed=False, fingerprints=[], msg=f"{address} does not answer SSH")
    prints = {line: fingerprint(line) for line in shown}
    if expected:
        trusted = [line for line in shown if prints[line] == expected]
        if not trusted:
            refuse(module, prints, f"the site file expects {expected}")
    else:
        pinned = read_lines(path)
        trusted = [line for line in shown if line in pinned] if pinned else shown
        if not trusted:
            refuse(module, prints, f"it had {', '.join(map(fingerprint, pinned))} at first contact")
    changed = not set(trusted) <= set(read_lines(path))
    if changed:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(f"{path}.part", "w", encoding="utf-8") as target:
            target.write("\n".join(trusted) + "\n")
        os.replace(f"{path}.part", path)
    module.exit_json(changed=changed, fingerprints=list(prints.values()))


def refuse(module: AnsibleModule, prints: dict[str, str], wanted: str) -> None:
    module.fail_json(
        code="SSH_HOST_KEY_CHANGED",
        msg=f"{module.params['address']} shows the SSH host key {', '.join(prints.values())}, but {wanted}. Another machine may hold this "
        f"address, or the server was installed anew: if so, delete {module.params['known_hosts']} on the deployment VM, or correct hosts[].ssh.host_key.",
    )


def scan(address: str, port: int) -> list[str]:
    command = ["ssh-keyscan", "-T", "10", "-t", "ed25519", "-p", str(port), address]
    for attempt in (command, [*command[:4], "ecdsa,rsa", *command[5:]]):
        done = subprocess.run(attempt, capture_output=True, text=True, check=False)
        found = sorted(line for line in done.stdout.splitlines() if line and not line.startswith("#"))
        # Who shows no key of a kind has told its version all the same; who says nothing is not waited for twice.
        if found or " SSH-" not in done.stdout + done.stderr:
            return found
    return []


def fingerprint(line: str) -> str:
    done = subprocess.run(["ssh-keygen", "-l", "-f", "-"], input=line, capture_output=True, text=True, check=True)
    return done.stdout.split()[1]


def read_lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8") as source:
            return source.read().splitlines()
    except FileNotFoundError:
        return []


if __name__ == "__main__":
    main()
