#!/usr/bin/python3
"""Reads all applications of the site, manifests and charts, so that what is wrong with one is told before any is applied."""

from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_kube_api import KubeError
from ansible.module_utils.bringup_workloads import check_releases, list_applications, read_application, with_settings

DOCUMENTATION = r"""
module: bringup_workloads_read
short_description: Read the applications of the site
description:
  - Each folder, YAML file and chart archive of a folder is an application; a folder with a chart may hold its values.yaml.
  - Manifests are parsed. Charts are unpacked in memory, compared with their hashes and looked through for their dependencies.
options:
  folder: {description: Folder of the applications., type: path, required: true}
  root: {description: "Folder of the repository, whose list has the hashes.", type: path, required: true}
  charts: {description: "What the site file says of charts: application, sha256, release, namespace, values_file, values, failure_policy.", type: list, elements: dict, default: []}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_workloads_read: {folder: /srv/repository/workloads, root: /srv/repository}
"""
RETURN = r"""
applications: {description: "In order: name, path, kind (manifests or chart), settings; of a chart also release and namespace.", type: list, elements: dict, returned: success}
code: {description: What is wrong., type: str, returned: failure}
"""
SHOWN = ("name", "path", "kind", "archive", "settings", "chart", "version", "release", "namespace")


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "folder": {"type": "path", "required": True},
            "root": {"type": "path", "required": True},
            "charts": {"type": "list", "elements": "dict", "default": []},
        },
        supports_check_mode=True,
    )
    folder, root = module.params["folder"], module.params["root"]
    try:
        found = with_settings(list_applications(folder), module.params["charts"], folder)
        read = [read_application(one, root) for one in found]
        check_releases(read)
    except KubeError as error:
        module.fail_json(code=error.code, msg=str(error))
    shown = [{key: one[key] for key in SHOWN if key in one} for one in read]
    words = [f"{one['name']} ({one['chart']} {one['version']})" if one["kind"] == "chart" else one["name"] for one in read]
    module.exit_json(changed=False, applications=shown, msg=f"{len(read)} applications: {', '.join(words)}")


if __name__ == "__main__":
    main()
