#!/usr/bin/python3
"""Looks once, for some seconds, whether the objects of one application are ready."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_kube_api import KubeApi, KubeError
from ansible.module_utils.bringup_kube_ready import gaps, look_for_some_seconds

DOCUMENTATION = r"""
module: bringup_manifest_ready
short_description: See whether the objects of an application are ready
description:
  - Returns within C(seconds) with C(ready), to be called with until and retries, so that each attempt shows how far it is.
  - C(hopeless) says that waiting longer is of no use, as after a job that failed.
options:
  kubeconfig: {description: File with a client certificate., type: path, required: true}
  application: {description: Its name for people., type: str, required: true}
  objects: {description: "title and path of each, from bringup_manifest_apply.", type: list, elements: dict, required: true}
  seconds: {description: How long one attempt lasts., type: float, default: 5}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_manifest_ready: {kubeconfig: /k, application: viewer, objects: "{{ applied.objects }}"}
  register: state
  until: state.ready or state.hopeless
"""
RETURN = r"""
ready: {description: All of them are., type: bool, returned: always}
hopeless: {description: One never will be., type: bool, returned: always}
waiting: {description: "What is not ready, a sentence each.", type: list, elements: str, returned: always}
code: {description: Why it is not ready., type: str, returned: when not ready}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "kubeconfig": {"type": "path", "required": True},
            "application": {"type": "str", "required": True},
            "objects": {"type": "list", "elements": "dict", "required": True},
            "seconds": {"type": "float", "default": 5},
        },
        supports_check_mode=True,
    )
    look_for_some_seconds(module, look)


def look(params: dict) -> dict:
    """What one look shows; an API that is away for a moment is waited for like the rest."""
    try:
        api = KubeApi(params["kubeconfig"])
        found = gaps(api, [(one["title"], api.find(one["path"])) for one in params["objects"]])
    except KubeError as error:
        found = {"waiting": [str(error)], "reasons": [], "hopeless": False, "code": error.code}
    total, name, waiting, reasons = len(params["objects"]), params["application"], found["waiting"], found["reasons"]
    if not waiting:
        return {"ready": True, "hopeless": False, "waiting": [], "msg": f"all {total} objects of {name} are ready"}
    why = f" Why: {reasons[0]}" if reasons else ""
    return {
        "ready": False, "hopeless": found["hopeless"], "waiting": waiting, "code": found["code"], "stderr": "\n".join(reasons),
        "msg": f"{name}: {total - len(waiting)} of {total} objects are ready; {'; '.join(waiting)}.{why}",
    }


if __name__ == "__main__":
    main()
