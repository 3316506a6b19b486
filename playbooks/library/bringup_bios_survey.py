#!/usr/bin/python3
"""Compares the BIOS attributes of a server with those its profile wants, and says what setting them would mean."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_bios import JOBS, MAIN, OPEN_STATES, as_registry_says, drift_of, judge, words
from ansible.module_utils.bringup_bios_locks import dependencies_of
from ansible.module_utils.bringup_redfish import Redfish, RedfishError, redfish_arguments

DOCUMENTATION = r"""
module: bringup_bios_survey
short_description: Compare the BIOS attributes of a server with those wanted
description:
  - Reads and changes nothing. Fails on an attribute or value that the registry of the machine does not take, before anything is set.
  - An attribute that is read-only as long as another one is set otherwise is no failure where the profile sets that one as well.
  - The password is tried once.
options:
  attributes: {description: Attributes wanted., type: dict, required: true}
  again: {description: Something was set already in this attempt., type: bool, default: false}
  verify: {description: "Fail where one differs: applied as it is now, staged as it is after the next restart.", type: str, choices: ["no", applied, staged], default: "no"}
extends_documentation_fragment: [bringup_redfish]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_bios_survey: {address: 10.20.1.11, certificate: "ab...", username: root, password: "{{ secret }}", attributes: {BootMode: Uefi}}
"""
RETURN = r"""
drift: {description: "Attributes that differ: name, wanted, seen.", type: list, elements: dict, returned: success}
changes: {description: What can be set now., type: dict, returned: success}
later: {description: "What can be set only once that is done, with the reason by name.", type: dict, returned: success}
follows: {description: What changes by itself with that., type: list, elements: str, returned: success}
staged: {description: Everything that can be set now waits for the next restart in a job., type: bool, returned: success}
wanted: {description: Attributes wanted in the types of the registry., type: dict, returned: success}
power: {description: "On or Off, as the iDRAC says.", type: str, returned: success}
job: {description: "The open BIOS job: id, state; empty without one.", type: dict, returned: success}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **redfish_arguments(),
            "attributes": {"type": "dict", "required": True},
            "again": {"type": "bool", "default": False},
            "verify": {"type": "str", "choices": ["no", "applied", "staged"], "default": "no"},
        },
        supports_check_mode=True,
    )
    params = module.params
    try:
        with Redfish(params["address"], params["port"], params["certificate"], params["username"], params["password"]) as bmc:
            seen = survey(bmc, params["attributes"])
    except RedfishError as error:
        code = "BIOS_NOT_IDRAC" if error.code == "REDFISH_NOT_FOUND" else error.code
        module.fail_json(code=code, msg=f"{str(error)[:1].upper()}{str(error)[1:]}.")
    if seen["refused"]:
        said = "; ".join(f"{one['name']}: {one['wanted']}: {one['why']}" for one in seen["refused"])
        module.fail_json(code="BIOS_ATTRIBUTE_REFUSED", refused=seen["refused"], msg=f"The BIOS does not take what the profile wants, and nothing {'more ' if params['again'] else ''}was changed: {said}.")
    del seen["refused"]
    drift = seen["drift"]
    if drift and params["verify"] == "staged" and seen["staged"] and seen["later"]:
        said = "; ".join(f"{name}: {why}" for name, why in sorted(seen["later"].items()))
        module.fail_json(code="BIOS_AFTER_RESTART", msg=f"Some BIOS attributes can only be set after the restart for which the others wait: {said}.", **seen)
    if drift and params["verify"] != "no" and not (params["verify"] == "staged" and seen["staged"]):
        waits = " (set for the next restart)" if seen["staged"] else ""
        module.fail_json(code="BIOS_DRIFT", msg=f"The BIOS is not as the profile wants{waits}: {words(drift)}.", **seen)
    said = f"{len(drift)} of {len(seen['wanted'])} attributes differ: {words(drift)}" if drift else f"all {len(seen['wanted'])} attributes are as the profile wants"
    module.exit_json(changed=False, msg=said, **seen)


def survey(bmc: Redfish, attributes: dict) -> dict:
    bios = bmc.get(f"{MAIN}/Bios")
    seen = bios.get("Attributes") or {}
    entries = bmc.get(f"{MAIN}/Bios/BiosRegistry").get("RegistryEntries") or {}
    registry = {entry.get("AttributeName"): entry for entry in entries.get("Attributes") or []}
    if not seen or not registry:
        raise RedfishError("BIOS_UNREAD", f"{bmc.place} tells no {'attributes' if not seen else 'registry'} of the BIOS; with the server's power on for some minutes it does")
    wanted = {name: as_registry_says(value, registry.get(name, {})) for name, value in attributes.items()}
    drift = drift_of(wanted, seen)
    pending = bmc.get(f"{MAIN}/Bios/Settings").get("Attributes") or {}
    job = open_job(bmc)
    judged = judge(wanted, seen, registry, dependencies_of(entries))
    return {
        "wanted": wanted,
        "drift": drift,
        **judged,
        "job": job,
        "staged": bool(drift and job) and all(pending.get(name) == value for name, value in judged["changes"].items()),
        "power": str(bmc.get(MAIN).get("PowerState")),
    }


def open_job(bmc: Redfish) -> dict:
    members = bmc.get(f"{JOBS}?$expand=*($levels=1)").get("Members") or []
    for job in members:
        if job.get("JobType") == "BIOSConfiguration" and job.get("JobState") in OPEN_STATES:
            return {"id": job.get("Id"), "state": job.get("JobState")}
    return {}


if __name__ == "__main__":
    main()
