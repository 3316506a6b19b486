#!/usr/bin/python3
"""Looks once, for some seconds, whether the deployment VM answers SSH with the key it was given."""

from __future__ import annotations

import re
import subprocess
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_virsh import VirshError, domain_state, virsh

DOCUMENTATION = r"""
module: bringup_vm_wait
short_description: See whether a VM answers SSH and has finished its first boot
description:
  - Returns within C(seconds) with C(ready), to be called with until and retries, so that each attempt shows the console.
  - Fails at once when waiting is of no use - the domain stopped, another machine holds the address, its processor does not run.
options:
  domain: {description: libvirt's name of the VM., type: str, required: true}
  address: {description: Its address., type: str, required: true}
  user: {description: Whom to log in as., type: str, required: true}
  key: {description: Private key file., type: path, required: true}
  known_hosts: {description: File with the host key the VM must show., type: path, required: true}
  console: {description: File with the output of the serial console., type: path, required: true}
  seconds: {description: How long one attempt lasts., type: int, default: 8}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_vm_wait: {domain: lab-deploy, address: 198.18.20.10, user: bringup, key: /k, known_hosts: /h, console: /c.log}
  register: vm
  until: vm.ready
"""
RETURN = r"""
ready: {description: It answered and its first boot is done., type: bool, returned: success}
console: {description: Last lines of the console., type: list, elements: str, returned: always}
"""
FIRST_BOOT_DONE = "/etc/cloud/cloud-init.disabled"
# A processor that ran less than this after the grace period executes nothing: /dev/kvm that answers but never runs.
IDLE_CPU_SECONDS, GRACE_SECONDS = 0.5, 20


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "domain": {"type": "str", "required": True},
            "address": {"type": "str", "required": True},
            "user": {"type": "str", "required": True},
            "key": {"type": "path", "required": True, "no_log": False},
            "known_hosts": {"type": "path", "required": True},
            "console": {"type": "path", "required": True},
            "seconds": {"type": "int", "default": 8},
        },
        supports_check_mode=True,
    )
    deadline = time.monotonic() + module.params["seconds"]
    while True:
        reason = try_login(module)
        if reason is None:
            module.exit_json(changed=False, ready=True, msg="The VM answers SSH with its expected host key.", console=[])
        if time.monotonic() >= deadline:
            break
        time.sleep(1)
    refuse_hopeless(module)
    lines = console_lines(module.params["console"])
    module.exit_json(changed=False, ready=False, console=lines, msg=f"{reason} {describe(lines)}")


def try_login(module: AnsibleModule) -> str | None:
    """None when the VM is ready, else what is in the way."""
    params = module.params
    try:
        done = subprocess.run(
            ["ssh", "-i", params["key"], "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=4",
             "-o", f"UserKnownHostsFile={params['known_hosts']}", "-o", "GlobalKnownHostsFile=/dev/null",
             f"{params['user']}@{params['address']}", f"test -e {FIRST_BOOT_DONE}"],
            capture_output=True, text=True, check=False, timeout=30,
        )
    except subprocess.TimeoutExpired:
        return f"SSH to {params['address']} hangs after the connection is made."
    if done.returncode == 0:
        return None
    if "HOST IDENTIFICATION HAS CHANGED" in done.stderr or "Host key verification failed" in done.stderr:
        module.fail_json(
            code="VM_HOST_KEY",
            msg=f"A machine answers at {params['address']}, but not with the host key the deployment VM was given: "
            "another machine holds this address, or the VM did not read its seed.",
            console=console_lines(params["console"]),
        )
    if done.returncode == 1 and not done.stderr.strip():
        return "SSH answers; the first boot is still setting the VM up."
    return f"No login over SSH yet ({(done.stderr.strip().splitlines() or ['no answer'])[-1]})."


def refuse_hopeless(module: AnsibleModule) -> None:
    domain, lines = module.params["domain"], console_lines(module.params["console"])
    try:
        state = domain_state(domain)
        if state != "running":
            module.fail_json(code="VM_STOPPED", msg=f"The VM {domain} is {state or 'gone'}, wanted running. {describe(lines)}", console=lines)
        started = re.search(r"cpu\.time=(\d+)", virsh("domstats", "--cpu-total", domain))
        with open(f"/proc/{qemu_pid(domain)}/stat", encoding="ascii") as stat, open("/proc/uptime", encoding="ascii") as uptime:
            age = float(uptime.read().split()[0]) - int(stat.read().rpartition(")")[2].split()[19]) / 100
    except (VirshError, OSError, ValueError):
        return
    if started and age > GRACE_SECONDS and int(started[1]) / 1e9 < IDLE_CPU_SECONDS:
        module.fail_json(
            code="VM_CPU_IDLE",
            msg=f"The VM's processor has run {int(started[1]) / 1e9:.2f} s in {age:.0f} s: hardware virtualisation on this KVM host "
            "answers but does not execute. Set kvm_host.virtualization to emulate, or switch virtualisation on in the firmware.",
            console=lines,
        )


def qemu_pid(domain: str) -> int:
    with open(f"/run/libvirt/qemu/{domain}.pid", encoding="ascii") as source:
        return int(source.read())


def console_lines(path: str, count: int = 30) -> list[str]:
    """The last lines of the console, without terminal control sequences."""
    try:
        with open(path, "rb") as source:
            source.seek(max(0, source.seek(0, 2) - 16384))
            text = source.read().decode("utf-8", "replace")
    except OSError:
        return []
    text = re.sub(r"\x1b(?:\[[0-9;?=]*[A-Za-z]|[()][A-Z0-9]|c)", "", text)
    return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()][-count:]


def describe(lines: list[str]) -> str:
    return "Last on the console:\n" + "\n".join(lines) if lines else "The console is silent: no boot loader ran."


if __name__ == "__main__":
    main()
