#!/usr/bin/python3
"""Looks at the job by which an iDRAC sets BIOS attributes."""

from __future__ import annotations

import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_bios import GOOD_STATES, JOBS, OPEN_STATES
from ansible.module_utils.bringup_redfish import Redfish, RedfishError, redfish_arguments

DOCUMENTATION = r"""
module: bringup_bios_job
short_description: See whether a job of an iDRAC has ended
description:
  - Returns with C(ended) once it has, else after C(patience), to be called with until and retries; when those are used up, Ansible fails the task with what was said last.
  - An iDRAC that does not answer for a moment, as in a restart, has not ended its job. A refused login does end the wait.
options:
  job: {description: Number of the job., type: str, required: true}
  any_end: {description: Take a job that failed for ended and no more., type: bool, default: false}
  patience: {description: "Seconds to go on looking by one login, so that a short job is not waited for longer than it takes.", type: int, default: 0}
extends_documentation_fragment: [bringup_redfish]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_bios_job: {address: 10.20.1.11, username: root, password: "{{ secret }}", job: JID_1}
  register: job
  until: job.ended
"""
RETURN = r"""
ended: {description: Whether waiting longer is of no use., type: bool, returned: always}
state: {description: JobState as the iDRAC says it., type: str, returned: success}
"""
LOOK_SECONDS = 2
PASSING = ("REDFISH_UNREACHABLE", "REDFISH_CLOSED", "REDFISH_REFUSED", "REDFISH_TIMEOUT", "REDFISH_BUSY", "REDFISH_HTTP", "REDFISH_MALFORMED")


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **redfish_arguments(),
            "job": {"type": "str", "required": True},
            "any_end": {"type": "bool", "default": False},
            "patience": {"type": "int", "default": 0},
        },
        supports_check_mode=True,
    )
    params = module.params
    name = f"The BIOS job {params['job']} of the BMC at {params['address']}"
    deadline = time.monotonic() + params["patience"]
    try:
        with Redfish(params["address"], params["port"], params["certificate"], params["username"], params["password"]) as bmc:
            job = bmc.get(f"{JOBS}/{params['job']}")
            while job.get("JobState") in OPEN_STATES and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
                job = bmc.get(f"{JOBS}/{params['job']}")
    except RedfishError as error:
        if error.code in PASSING:
            # The retries of the task are counted in patience, so each has to last as long.
            time.sleep(max(0, deadline - time.monotonic()))
            module.exit_json(changed=False, ended=False, code=error.code, msg=f"{name} cannot be followed: {error}.")
        code = "BIOS_JOB_GONE" if error.code == "REDFISH_NOT_FOUND" else error.code
        module.fail_json(code=code, ended=True, msg=f"{name} cannot be followed: {error}.")
    state = str(job.get("JobState"))
    said = f"{state}, {job.get('PercentComplete') or 0} %: {job.get('Message') or 'no word'}"
    since = job.get("ActualRunningStartTime") or job.get("StartTime") or "an unknown time"
    if state in OPEN_STATES:
        # The code counts once Ansible gives up.
        module.exit_json(changed=False, ended=False, state=state, code="BIOS_JOB_ENDLESS", msg=f"{name} has not ended, started {since}: {said}")
    if state not in GOOD_STATES and not params["any_end"]:
        module.fail_json(code="BIOS_JOB_FAILED", ended=True, state=state, msg=f"{name} failed: {said}")
    module.exit_json(changed=False, ended=True, state=state, msg=f"{name} has ended: {said}")


if __name__ == "__main__":
    main()
