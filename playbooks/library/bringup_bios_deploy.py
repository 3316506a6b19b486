#!/usr/bin/python3
"""Looks once at a deployment job of OpenManage Enterprise, and at its end at what it says of each server."""

from __future__ import annotations

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_bios_ome import COMPLETED, NOT_RUN, UNDERWAY, fault

DOCUMENTATION = r"""
module: bringup_bios_deploy
short_description: See whether a BIOS deployment has ended, and how for each server
description:
  - Returns at once with C(ended), to be called with until and retries; when those are used up, Ansible fails the task with what was said last.
  - An answer that OpenManage Enterprise is not ready does not end the wait.
options:
  job: {description: Number of the job., type: int, required: true}
  devices: {description: "Devices by host, as bringup_bios_sets tells them.", type: dict, required: true}
extends_documentation_fragment: [bringup_ome, bringup_ome.awaiting]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_bios_deploy: {job: 10042, devices: {node-1: {DeviceServiceTag: ABC1234}}, hostname: h, username: u, password: p, ca_path: /c}
  register: job
  until: job.ended
"""
RETURN = r"""
ended: {description: Whether it has ended., type: bool, returned: always}
failed_hosts: {description: "By host: code and msg of what failed there.", type: dict, returned: success}
open_hosts: {description: Hosts that have no result yet., type: list, elements: str, returned: while it runs}
"""
OPEN = (*UNDERWAY, NOT_RUN)


def main() -> None:
    extra = {"job": {"type": "int", "required": True}, "devices": {"type": "dict", "required": True}}
    module = AnsibleModule(argument_spec={**ome.awaiting_arguments(), **extra}, supports_check_mode=True)
    params = module.params
    try:
        with ome.Ome(params) as session:
            ome.is_back(params)
            told = look(session, params["job"], params["devices"])
    except ome.OmeError as error:
        text = f"The deployment {params['job']} cannot be followed: {error}."
        if not ome.is_awaited(params, error):
            module.fail_json(code=error.code, ended=True, msg=text)
        module.exit_json(changed=False, ended=False, code=error.code, bringup_progress=f"{error}; it is waited for.", msg=text)
    module.exit_json(changed=False, **told)


def look(session: ome.Ome, number: int, devices: dict) -> dict:
    job = session.get(f"JobService/Jobs({number})")
    status = job.get("LastRunStatus") or {}
    said = f"The deployment {number} of OpenManage Enterprise"
    details, running = ome.details_of(session, number), status.get("Id") in OPEN
    failed, waiting = {}, []
    for name, device in sorted(devices.items()):
        keys = [str(device.get(key)) for key in ("DeviceServiceTag", "DeviceName", "Id")]
        detail = next((details[key] for key in keys if key in details), None)
        if running and (detail is None or detail[0] in OPEN):
            waiting.append(name)
        elif detail is None and status.get("Id") != COMPLETED:
            failed[name] = failure(name, f"the job {number} ended as {status.get('Name')} and says nothing of it")
        elif detail is not None and detail[0] != COMPLETED:
            failed[name] = failure(name, detail[1])
    if not running:
        return {"ended": True, "failed_hosts": failed, "msg": f"{said} to {', '.join(sorted(devices))} has ended: {status.get('Name')}."}
    since = job.get("LastRun") or job.get("StartTime") or "an unknown time"
    text = f"{said} to {', '.join(waiting) or 'its servers'} has not ended: {str(status.get('Name')).lower()} since {since}"
    progress = f"{text}; {len(devices) - len(waiting)} of {len(devices)} servers have their result."
    # The code counts once Ansible gives up.
    return {"ended": False, "code": "BIOS_DEPLOY_ENDLESS", "failed_hosts": failed, "open_hosts": waiting, "bringup_progress": progress, "msg": f"{text}."}


def failure(name: str, text: str) -> dict:
    said = " ".join(text.split()) or "no word of why"
    return fault("BIOS_DEPLOY_FAILED", f"OpenManage Enterprise could not set the BIOS of {name}: {said}")


if __name__ == "__main__":
    main()
