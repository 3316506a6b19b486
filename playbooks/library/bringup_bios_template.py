#!/usr/bin/python3
"""Makes the content of a BIOS template from that of a reference server and the attributes that a profile wants."""

from __future__ import annotations

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_bios_ome import COMPLETED, NOT_RUN, UNDERWAY, content_of, unknown_words

DOCUMENTATION = r"""
module: bringup_bios_template
short_description: Content of a BIOS template from that of a reference server
description:
  - Reads the template that OpenManage Enterprise makes of the reference server; returns at once with C(running), to be called with until and retries.
  - What the profile does not name stays out of it, so that a deployment sets nothing else. An attribute that the reference does not have is refused.
options:
  source: {description: Name of the template of the reference server., type: str, required: true}
  server: {description: What the site file calls that server., type: str, required: true}
  attributes: {description: Attributes wanted., type: dict, required: true}
extends_documentation_fragment: [bringup_ome, bringup_ome.awaiting]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_bios_template: {source: s, server: node-1, attributes: {BootMode: Uefi}, hostname: h, username: u, password: p, ca_path: /c}
  register: template
  until: not template.running
"""
RETURN = r"""
running: {description: Whether it is still being read., type: bool, returned: success}
content: {description: XML to be imported as a template., type: str, returned: once it was read}
"""


def main() -> None:
    extra = {"source": {"type": "str", "required": True}, "server": {"type": "str", "required": True}, "attributes": {"type": "dict", "required": True}}
    module = AnsibleModule(argument_spec={**ome.awaiting_arguments(), **extra}, supports_check_mode=True)
    params = module.params
    try:
        with ome.Ome(params) as session:
            ome.is_back(params)
            content = read(module, session, params["source"], params["server"])
    except ome.OmeError as error:
        if not ome.is_awaited(params, error):
            module.fail_json(code=error.code, running=False, msg=f"{error}.")
        module.exit_json(changed=False, running=True, code=error.code, bringup_progress=f"{error}; it is waited for.", msg=f"{error}.")
    unknown = unknown_words(content, params["attributes"])
    if unknown:
        said = f"OpenManage Enterprise knows no such BIOS attribute at the reference server {params['server']}, and nothing was changed: {unknown}."
        module.fail_json(code="BIOS_TEMPLATE_ATTRIBUTE", running=False, msg=said)
    module.exit_json(changed=False, running=False, content=content_of(params["attributes"]), msg=f"the template sets {len(params['attributes'])} attributes")


def read(module: AnsibleModule, session: ome.Ome, source: str, server: str) -> str:
    """What OpenManage Enterprise read from the reference server."""
    template = next((one for one in session.members("TemplateService/Templates") if one.get("Name") == source), None)
    failed = f"OpenManage Enterprise could not read the BIOS of the reference server {server}"
    if template is None:
        module.fail_json(code="BIOS_TEMPLATE_NOT_READ", running=False, msg=f"{failed}: the template {source} is gone.")
    if template.get("Status") in (*UNDERWAY, NOT_RUN):
        text = f"OpenManage Enterprise still reads the BIOS of the reference server {server}"
        # The code counts once Ansible gives up.
        module.exit_json(changed=False, running=True, code="OME_JOB_STUCK", bringup_progress=f"{text}.", msg=f"{text} and does not end.")
    if template.get("Status") != COMPLETED:
        module.fail_json(code="BIOS_TEMPLATE_NOT_READ", running=False, msg=f"{failed}: {reason_of(session, template.get('TaskId'))}")
    return session.send("POST", "TemplateService/Actions/TemplateService.Export", {"TemplateId": template["Id"]})[0].get("Content") or ""


def reason_of(session: ome.Ome, job: int | None) -> str:
    """The last words of a job."""
    try:
        return str(session.get(f"JobService/Jobs({job})/LastExecutionDetail").get("Value") or "no word of why")
    except ome.OmeError as error:
        return str(error)


if __name__ == "__main__":
    main()
