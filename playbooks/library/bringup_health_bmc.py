#!/usr/bin/python3
"""Asks a BMC for the health of its server, and judges it."""

from __future__ import annotations

import datetime
import glob
import json
import os

from ansible.module_utils import bringup_health_bmc as hardware
from ansible.module_utils import bringup_health_certificates as certificates
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_bios import MAIN, as_registry_says, drift_of
from ansible.module_utils.bringup_health import HARDWARE, Checks
from ansible.module_utils.bringup_redfish import Redfish, RedfishError, dial, redfish_arguments

DOCUMENTATION = r"""
module: bringup_health_bmc
short_description: Judge the health of a server by its BMC
description:
  - Reads over Redfish and changes nothing; never fails for what it finds. The password is tried once.
  - Only the certificate that the site file names is trusted; without one, those signed by a CA of this machine.
options:
  host: {description: Name of the server in the site., type: str, required: true}
  limits: {description: Figures of the role health., type: dict, required: true}
  since_seconds: {description: How far back the event log counts., type: float, required: true}
  bios_attributes: {description: BIOS attributes that the profile wants., type: dict, default: {}}
  firmware_reports: {description: "Folder of the reports of the stage firmware, of which the newest counts.", type: path}
extends_documentation_fragment: [bringup_redfish]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_health_bmc:
    host: node-1
    address: 10.20.1.11
    certificate: "ab..."
    username: root
    password: "{{ secret }}"
    limits: "{{ health_limits }}"
    since_seconds: 3600
"""
RETURN = r"""
checks: {description: "Each check: check, host, verdict (ok, warn, failed, skipped), seen, wanted, code, msg.", type: list, elements: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            **redfish_arguments(),
            "limits": {"type": "dict", "required": True},
            "since_seconds": {"type": "float", "required": True},
            "bios_attributes": {"type": "dict", "default": {}},
            "firmware_reports": {"type": "path"},
        },
        supports_check_mode=True,
    )
    params, found = module.params, Checks(module.params["host"])
    try:
        judge_certificate(found, params)
        with Redfish(params["address"], params["port"], params["certificate"], params["username"], params["password"]) as bmc:
            hardware.judge(found, bmc, params["since_seconds"])
            judge_bios(found, bmc, params["bios_attributes"])
    except (RedfishError, *hardware.ODD) as error:
        told = error if isinstance(error, RedfishError) else RedfishError("REDFISH_MALFORMED", f"the BMC at {params['address']} answers with what Redfish does not allow ({error!r})")
        found.add("bmc", "failed", str(told), "an answer", told.code, f"{params['host']}: {told}.")
        found.skip_rest([check for check in HARDWARE if check != "firmware"], "the BMC could not be asked")
    judge_firmware(found, params["firmware_reports"] or "")
    module.exit_json(changed=False, checks=found.all)


def judge_certificate(found: Checks, params: dict) -> None:
    with dial(params["address"], params["port"], params["certificate"], 30) as channel:
        der = channel.getpeercert(binary_form=True) or b""
    limits = params["limits"]
    warn, fail = float(limits["certificate_warn_days"]), float(limits["certificate_fail_days"])
    verdict, words = certificates.judge("it", der, datetime.datetime.now(certificates.UTC), warn, fail)
    found.add("bmc_certificate", verdict, words, f"good for {warn:g} days", "HEALTH_CERTIFICATE")


def judge_bios(found: Checks, bmc: Redfish, attributes: dict) -> None:
    if not attributes:
        found.skip("bios", "the site file sets no BIOS attribute of this server, by parameters.bios and its profile")
        return
    try:
        seen = bmc.get(f"{MAIN}/Bios").get("Attributes") or {}
        entries = (bmc.get(f"{MAIN}/Bios/BiosRegistry").get("RegistryEntries") or {}).get("Attributes") or []
    except RedfishError as error:
        found.skip("bios", f"the BMC does not tell them: {error}")
        return
    registry = {entry.get("AttributeName"): entry for entry in entries}
    drift = drift_of({name: as_registry_says(value, registry.get(name, {})) for name, value in attributes.items()}, seen)
    told = compared(drift) if drift else f"all {len(attributes)} are as the profile wants"
    found.add("bios", "failed" if drift else "ok", told, "those of the profile", "BIOS_DRIFT")


def judge_firmware(found: Checks, folder: str) -> None:
    """By the newest report of the stage firmware: what that said of this server then."""
    reports = sorted(glob.glob(f"{glob.escape(folder)}/*-*.json"), key=os.path.getmtime)
    try:
        with open(reports[-1], encoding="utf-8") as source:
            report = json.load(source)
        fault = (report.get("not_compared") or {}).get(found.host)
        updates = [] if fault else report["hosts"][found.host]["updates"]
    except (IndexError, OSError, ValueError, KeyError, TypeError, AttributeError):
        found.skip("firmware", f"the stage firmware has left no report of it in {folder}")
        return
    if fault:
        found.add("firmware", "failed", f"not compared ({os.path.basename(reports[-1])})", "that of the catalogue", str(fault.get("code")), str(fault.get("msg")))
        return
    off = [{"name": one.get("component"), "seen": one.get("from"), "wanted": one.get("to")} for one in updates]
    age = f"({os.path.basename(reports[-1])})"
    found.add("firmware", "failed" if off else "ok", f"{compared(off)} {age}" if off else f"as the catalogue has it {age}", "that of the catalogue", "FIRMWARE_BEHIND")


def compared(parts: list[dict]) -> str:
    words = [f"{one.get('name')} is {one.get('seen')}, not {one.get('wanted')}" for one in parts]
    return "; ".join(words[:5]) + (f"; and {len(words) - 5} more" if len(words) > 5 else "")


if __name__ == "__main__":
    main()
