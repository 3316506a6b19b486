#!/usr/bin/python3
"""Looks once, for some seconds, whether the deployment VM answers SSH with the key it was given."""

from __future__ import annotations

import subprocess
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_virsh import VirshError, domain_state, virsh
from ansible.module_utils.bringup_vm_state import console_lines, cpu_seconds, holder_of, own_macs, qemu_age

DOCUMENTATION = r"""
module: bringup_vm_wait
short_description: See whether a VM answers SSH and has finished its first boot
description:
  - Returns within C(seconds) with C(ready), to be called with until and retries, so that each attempt shows the console.
  - Fails with C(hopeless) when waiting is of no use - the domain stopped or is gone, another machine holds the address, its
    processor does not run, it has had the time to read its seed and did not. until has to end on that too.
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
  until: vm.ready | default(false) or vm.hopeless | default(false)
"""
RETURN = r"""
ready: {description: It answered and its first boot is done., type: bool, returned: success}
hopeless: {description: Waiting longer is of no use., type: bool, returned: failure}
console: {description: Last lines of the console., type: list, elements: str, returned: always}
"""
FIRST_BOOT_DONE = "/etc/cloud/cloud-init.disabled"
# A processor that ran less than this after the grace period executes nothing: /dev/kvm that answers but never runs.
IDLE_CPU_SECONDS, GRACE_SECONDS = 0.5, 20
# The seed gives the VM its host key early in the first boot; until then it may show the one that its image came with.
SEED_SECONDS = 240
# States that a VM passes through by itself.
PASSING = ("running", "in shutdown")


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
    # Once an attempt: asking libvirt every second takes processor time from the very VM that is waited for.
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
        return refuse_key(module)
    if done.returncode == 1 and not done.stderr.strip():
        return "SSH answers; the first boot is still setting the VM up."
    return f"No login over SSH yet ({(done.stderr.strip().splitlines() or ['no answer'])[-1]})."


def refuse_key(module: AnsibleModule) -> str:
    """Fails where the wrong host key is another machine's, or the VM's own for too long; else says to wait."""
    domain, address = module.params["domain"], module.params["address"]
    waiting = f"A machine answers at {address} with another host key; the VM may not have read its seed yet."
    try:
        macs, holder = own_macs(domain), holder_of(address)
    except VirshError:
        # Whether the VM is still there is looked at next.
        return waiting
    if macs and holder and holder not in macs:
        give_up(
            module, "VM_ADDRESS_TAKEN",
            f"Another machine holds the address {address} of the deployment VM: it answers from {holder}, the VM's own card is {macs[0]}.",
        )
    try:
        age = qemu_age(domain)
    except (OSError, ValueError):
        return waiting
    if age >= SEED_SECONDS:
        give_up(
            module, "VM_HOST_KEY",
            f"A machine answers at {address}, but not with the host key the deployment VM was given: the VM did not read its seed "
            "(its image may lack cloud-init), or another machine holds this address.",
        )
    return waiting


def refuse_hopeless(module: AnsibleModule) -> None:
    """Fails where the VM stopped, or its processor stands still."""
    domain = module.params["domain"]
    try:
        state = domain_state(domain)
        if state == "paused" and "I/O error" in virsh("domstate", "--reason", domain):
            give_up(module, "VM_PAUSED", f"The VM {domain} is paused: the KVM host could not write to its disk (I/O error).")
        if state not in PASSING:
            give_up(module, "VM_STOPPED", f"The VM {domain} is {state or 'gone'}, wanted running.")
        ran, age = cpu_seconds(domain), qemu_age(domain)
    except (VirshError, OSError, ValueError):
        return
    if ran is not None and age > GRACE_SECONDS and ran < IDLE_CPU_SECONDS:
        give_up(
            module, "VM_CPU_IDLE",
            f"The VM's processor has run {ran:.2f} s in {age:.0f} s: hardware virtualisation on this KVM host "
            "answers but does not execute. Set kvm_host.virtualization to emulate, or switch virtualisation on in the firmware.",
        )


def give_up(module: AnsibleModule, code: str, msg: str) -> None:
    lines = console_lines(module.params["console"])
    module.fail_json(code=code, hopeless=True, msg=msg, console=lines)


def describe(lines: list[str]) -> str:
    return "Last on the console:\n" + "\n".join(lines) if lines else "The console is silent: no boot loader ran."


if __name__ == "__main__":
    main()
