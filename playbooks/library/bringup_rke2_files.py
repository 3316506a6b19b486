#!/usr/bin/python3
"""Writes files that may hold secrets: with their mode from the first byte on, in one go, and never into a result."""

from __future__ import annotations

import os

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_rke2_files
short_description: Write files with their modes in one step
description: Does what file and copy would do for each. Starting a module takes seconds in an emulated machine.
options:
  files: {description: "Files with path, content and mode; folders that are missing are made for their owner alone.", type: list, elements: dict, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_rke2_files: {files: [{path: /etc/rancher/rke2/token, content: "t\n", mode: "0600"}]}
"""
RETURN = r"""
written: {description: Files that were replaced., type: list, elements: str, returned: always}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "files": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "path": {"type": "path", "required": True},
                    "content": {"type": "str", "required": True, "no_log": True},
                    "mode": {"type": "str", "default": "0600"},
                },
            }
        },
        supports_check_mode=True,
    )
    try:
        written = [one["path"] for one in module.params["files"] if settle(one, module.check_mode)]
    except OSError as error:
        module.fail_json(code="RKE2_FILES", msg=f"{error.filename} cannot be written: {error.strerror}.")
    module.exit_json(changed=bool(written), written=written, msg=f"wrote {', '.join(written)}" if written else "all is as wanted")


def settle(one: dict, dry: bool) -> bool:
    """Whether the file was, or in check mode would be, written."""
    path, content, mode = one["path"], one["content"].encode(), int(one["mode"], 8)
    try:
        with open(path, "rb") as source:
            if source.read() == content and os.fstat(source.fileno()).st_mode & 0o7777 == mode:
                return False
    except FileNotFoundError:
        pass
    if not dry:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        handle = os.open(f"{path}.part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(content)
        os.chmod(f"{path}.part", mode)
        os.replace(f"{path}.part", path)
    return True


if __name__ == "__main__":
    main()
