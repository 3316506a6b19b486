#!/usr/bin/python3
"""Looks at a job of OpenManage Enterprise, and at its end at what it says of each device."""

from __future__ import annotations

import time

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_firmware import failure_of

DOCUMENTATION = r"""
module: bringup_fw_job
short_description: See whether a job of OpenManage Enterprise has ended, and how for each device
description:
  - Returns with C(ended) once it has, else after C(patience), to be called with until and retries; when those are used up, Ansible fails the task with what was said last.
  - An OpenManage Enterprise that went away is waited for, as its jobs go on when it restarts; the first look that missed it counts.
options:
  job: {description: Number of the job., type: int, required: true}
  devices: {description: "Names of the hosts by the service tags of their devices.", type: dict, default: {}}
  must: {description: "Fail where the job failed; else the devices are told and nothing fails.", type: bool, default: false}
  patience: {description: "Seconds to go on looking by one login, so that a short job is not waited for longer than it takes.", type: int, default: 0}
extends_documentation_fragment: [bringup_ome, bringup_ome.awaiting]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_fw_job: {job: 10042, devices: {ABC1234: node-1}, hostname: h, username: u, password: p, ca_path: /c}
  register: job
  until: job.ended
"""
RETURN = r"""
ended: {description: Whether it has ended., type: bool, returned: success}
failed_hosts: {description: "By host: code and msg of what failed there.", type: dict, returned: when ended}
"""
# States in which a job has not ended (module_utils/ome.py of dellemc.openmanage lists all).
OPEN = {2020: "scheduled", 2030: "queued", 2040: "starting", 2050: "running", 2080: "new", 2101: "paused", 2200: "not run yet"}
GOOD, WARNING = 2060, 2090
LOOK_SECONDS = 2


def main() -> None:
    extra = {"job": {"type": "int", "required": True}, "devices": {"type": "dict", "default": {}}, "must": {"type": "bool", "default": False}, "patience": {"type": "int", "default": 0}}
    module = AnsibleModule(argument_spec={**ome.awaiting_arguments(), **extra}, supports_check_mode=True)
    params = module.params
    deadline = time.monotonic() + params["patience"]
    try:
        with ome.Ome(params) as appliance:
            ome.is_back(params)
            look(module, appliance, params["job"], params["devices"], deadline)
    except ome.OmeError as error:
        text = f"The job {params['job']} cannot be followed: {error}."
        if not ome.is_awaited(params, error):
            module.fail_json(code=error.code, ended=True, msg=text)
        # The retries of the task are counted in patience, so each has to last as long.
        time.sleep(max(0, deadline - time.monotonic()))
        module.exit_json(changed=False, ended=False, code=error.code, bringup_progress=f"{error}; it is waited for.", msg=text)


def look(module: AnsibleModule, appliance: ome.Ome, number: int, devices: dict, deadline: float) -> None:
    job = appliance.get(f"JobService/Jobs({number})")
    while state_of(job).get("Id") in OPEN and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
        job = appliance.get(f"JobService/Jobs({number})")
    status = state_of(job)
    said = f"The job {number} ({job.get('JobName')}) of OpenManage Enterprise"
    whose = f" for {', '.join(devices.values())}" if devices else ""
    if status.get("Id") in OPEN:
        # The code counts once Ansible gives up.
        since = job.get("LastRun") or job.get("StartTime") or "an unknown time"
        text = f"{said}{whose} has not ended: {OPEN[status['Id']]} since {since}"
        module.exit_json(changed=False, ended=False, code="FIRMWARE_JOB_ENDLESS", bringup_progress=text, msg=f"{text}.")
    details = ome.details_of(appliance, number)
    failed = {}
    for tag, name in devices.items():
        detail = details.get(tag)
        if detail is None and status.get("Id") != GOOD:
            failed[name] = failure_of(name, f"the job {number} ended as {status.get('Name')} and says nothing of {tag}")
        elif detail is not None and detail[0] != GOOD:
            failed[name] = failure_of(name, detail[1])
    text = f"{said} has ended: {status.get('Name')}"
    if module.params["must"] and status.get("Id") not in (GOOD, WARNING):
        reasons = "; ".join(text for _, text in details.values()) or "no word of why"
        module.fail_json(code="FIRMWARE_OME_JOB", ended=True, msg=f"{text}: {reasons}")
    module.exit_json(changed=False, ended=True, failed_hosts=failed, msg=f"{text}.")


def state_of(job: dict) -> dict:
    return job.get("LastRunStatus") or {}


if __name__ == "__main__":
    main()
