#!/usr/bin/python3
"""Opens a loopback port for each BMC through which modules reach it that cannot compare a pinned certificate."""

from __future__ import annotations

import os
import subprocess

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_bmc_relay import LOOPBACK, open_door, serve

DOCUMENTATION = r"""
module: bringup_bmc_relay
short_description: Reach BMCs by their pinned certificates from modules that know only ca_path
description:
  - Modules of dellemc.openmanage insist on a signer and a name that few BMCs have, or look at nothing. This gives each BMC a port on
    the loopback address with a certificate made for that; the BMC's own is compared with its pin at every connection.
  - The process ends by itself within a second when C(folder) is gone, as it is after a stage, when it is stopped, or after C(seconds).
options:
  state: {description: Whether it is wanted., type: str, choices: [started, stopped], default: started}
  folder: {description: "Where key and certificate lie: a folder of the stage in memory.", type: path, required: true}
  hosts: {description: "hosts of the site file; each with a bmc gets a port.", type: list, elements: dict, default: []}
  seconds: {description: How long it lives at most., type: int, default: 14400}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_bmc_relay: {folder: /run/bringup/r1/bios/1/relay, hosts: [{name: node-1, bmc: {address: 10.20.1.11, certificate: "ab..."}}]}
"""
RETURN = r"""
ports: {description: The loopback port of each BMC by its name., type: dict, returned: success}
ca: {description: File with the certificate to trust., type: str, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["started", "stopped"], "default": "started"},
            "folder": {"type": "path", "required": True},
            "hosts": {"type": "list", "elements": "dict", "default": []},
            "seconds": {"type": "int", "default": 14400},
        },
        supports_check_mode=True,
    )
    params = module.params
    folder = params["folder"]
    key, certificate, sign = (os.path.join(folder, name) for name in ("key.pem", "ca.pem", "running"))
    if params["state"] == "stopped":
        for path in (sign, key):
            if os.path.exists(path):
                os.unlink(path)
        module.exit_json(changed=False, msg="the relay ends")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    make_certificate(module, key, certificate)
    with open(sign, "w", encoding="ascii"):
        pass
    doors, ports = {}, {}
    for host in params["hosts"]:
        bmc = host.get("bmc")
        if not bmc:
            continue
        door = open_door()
        doors[door] = {"address": bmc["address"], "port": int(bmc.get("port") or 443), "certificate": bmc.get("certificate") or ""}
        ports[host["name"]] = door.getsockname()[1]
    serve(doors, certificate, key, sign, params["seconds"])
    module.exit_json(changed=False, ports=ports, ca=certificate, msg=f"{len(ports)} BMCs answer on {LOOPBACK}")


def make_certificate(module: AnsibleModule, key: str, certificate: str) -> None:
    done = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2",
         "-subj", "/CN=Bringup relay", "-addext", f"subjectAltName=IP:{LOOPBACK}", "-keyout", key, "-out", certificate],
        capture_output=True, text=True, check=False, timeout=60, umask=0o077,
    )
    if done.returncode != 0:
        module.fail_json(code="RELAY_CERTIFICATE", msg=f"openssl made no certificate for the relay: {done.stderr.strip()}")


if __name__ == "__main__":
    main()
