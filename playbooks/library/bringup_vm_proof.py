#!/usr/bin/python3
"""Proves over SSH that the deployment VM is the machine that was asked for."""

from __future__ import annotations

import json
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_vm_ssh import ARGUMENTS, ssh

DOCUMENTATION = r"""
module: bringup_vm_proof
short_description: Check the deployment VM from inside
description: One SSH call with strict host key checking; compares clock, resolver, disk, name and installed programs with what is wanted.
options:
  address: {description: The VM's address., type: str, required: true}
  user: {description: Whom to log in as., type: str, required: true}
  key: {description: Private key file., type: path, required: true}
  known_hosts: {description: File with the host key the VM must show., type: path, required: true}
  hostname: {description: Its full name., type: str, required: true}
  nameservers: {description: Name servers it asks., type: list, elements: str, required: true}
  disk_gib: {description: Size of its disk., type: int, required: true}
  programs: {description: Commands that have to be installed., type: list, elements: str, required: true}
  max_clock_offset: {description: Seconds its clock may be off this machine's., type: float, default: 2}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_vm_proof: {address: 198.18.20.10, user: bringup, key: /k, known_hosts: /h, hostname: deploy.example, nameservers: [], disk_gib: 20, programs: [sh]}
"""
RETURN = r"""
checks: {description: "Each check: id, ok, seen, wanted.", type: list, elements: dict, returned: always}
"""

# Runs on the VM: standard library only, any Python 3.
REMOTE = """
import json, os, shutil, socket, sys, time
root = os.stat('/').st_dev
name = os.path.basename(os.path.realpath('/sys/dev/block/%d:%d/..' % (os.major(root), os.minor(root))))
space = os.statvfs('/')
servers = [l.split()[1] for l in open('/etc/resolv.conf') if l.startswith('nameserver')] if os.path.exists('/etc/resolv.conf') else []
path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
print(json.dumps({'hostname': socket.getfqdn(), 'nameservers': servers, 'disk': int(open('/sys/block/%s/size' % name).read()) * 512,
  'root': space.f_blocks * space.f_frsize, 'missing': [p for p in json.loads(sys.argv[1]) if not shutil.which(p, path=path)], 'time': time.time()}))
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS,
            "hostname": {"type": "str", "required": True},
            "nameservers": {"type": "list", "elements": "str", "required": True},
            "disk_gib": {"type": "int", "required": True},
            "programs": {"type": "list", "elements": "str", "required": True},
            "max_clock_offset": {"type": "float", "default": 2},
        },
        supports_check_mode=True,
    )
    seen, offset = ask(module)
    checks = judge(module.params, seen, offset)
    failed = [check for check in checks if not check["ok"]]
    if failed:
        sentences = "; ".join(f"{check['id']}: seen {check['seen']}, wanted {check['wanted']}" for check in failed)
        module.fail_json(code="VM_PROOF", checks=checks, msg=f"The deployment VM is not what was asked for - {sentences}")
    told = ", ".join(f"{check['id']} {check['seen']}" for check in checks)
    module.exit_json(changed=False, checks=checks, msg=f"The deployment VM answers with its own host key: {told}")


def ask(module: AnsibleModule) -> tuple[dict, float]:
    """What the VM says, and how far its clock is ahead in seconds (a remote clock is read last, just before the answer)."""
    params = module.params
    done = ssh(params, f"python3 - '{json.dumps(params['programs'])}'", input=REMOTE)
    now = time.time()
    if done.returncode != 0:
        module.fail_json(code="VM_LOGIN", msg=f"The deployment VM could not be asked over SSH: {done.stderr.strip()}")
    seen = json.loads(done.stdout)
    return seen, seen["time"] - now


def judge(wanted: dict, seen: dict, offset: float) -> list[dict]:
    size = wanted["disk_gib"] << 30
    return [
        check("clock offset", abs(offset) <= wanted["max_clock_offset"], f"{offset:+.1f} s", f"within {wanted['max_clock_offset']:g} s of the KVM host"),
        check("name", seen["hostname"] == wanted["hostname"], seen["hostname"], wanted["hostname"]),
        check("name servers", seen["nameservers"] == wanted["nameservers"], words(seen["nameservers"]), words(wanted["nameservers"])),
        check("disk", seen["disk"] == size, f"{seen['disk'] / (1 << 30):.1f} GiB", f"{wanted['disk_gib']} GiB"),
        # File system overhead and the boot partition take a few per cent.
        check("root file system", seen["root"] >= size * 0.9 - (1 << 29), f"{seen['root'] / (1 << 30):.1f} GiB", "all of the disk but the boot partition"),
        check("programs", not seen["missing"], "missing: " + words(seen["missing"]) if seen["missing"] else "all there",
              "all there: name a package archive in deployment_vm.packages, or use the image that images/build-debian-12.sh makes"),
    ]


def check(identity: str, ok: bool, seen: str, wanted: str) -> dict:
    return {"id": identity, "ok": ok, "seen": seen, "wanted": wanted}


def words(values: list[str]) -> str:
    return ", ".join(values) or "none"


if __name__ == "__main__":
    main()
