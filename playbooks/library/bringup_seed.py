#!/usr/bin/python3
"""Writes a cloud-init NoCloud seed as an ISO image that only root can read."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_seed
short_description: Write a cloud-init NoCloud seed
description: The texts hold a private key, so they lie in tmpfs while the image is made, and the image has mode 0600.
options:
  path: {description: The image to write., type: path, required: true}
  user_data: {description: cloud-config., type: str, required: true, no_log: true}
  meta_data: {description: Instance id and host name., type: str, required: true}
  network_config: {description: Network configuration version 2., type: str, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_seed: {path: /srv/seed.iso, user_data: "#cloud-config", meta_data: "{}", network_config: "version: 2"}
"""
RETURN = r"""#"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "path": {"type": "path", "required": True},
            "user_data": {"type": "str", "required": True, "no_log": True},
            "meta_data": {"type": "str", "required": True},
            "network_config": {"type": "str", "required": True},
        }
    )
    path = module.params["path"]
    os.umask(0o077)
    os.makedirs("/run/bringup", exist_ok=True)
    work = tempfile.mkdtemp(prefix="seed-", dir="/run/bringup")
    try:
        for name in ("user_data", "meta_data", "network_config"):
            with open(os.path.join(work, name.replace("_", "-")), "w", encoding="utf-8") as target:
                target.write(module.params[name])
        # xorriso would add to an image that a killed run left half written.
        if os.path.exists(f"{path}.part"):
            os.remove(f"{path}.part")
        subprocess.run(
            ["xorriso", "-as", "mkisofs", "-quiet", "-volid", "cidata", "-joliet", "-rock", "-o", f"{path}.part", work],
            check=True, capture_output=True, text=True,
        )
        os.replace(f"{path}.part", path)
    except subprocess.CalledProcessError as error:
        module.fail_json(code="SEED_WRITE", msg=f"xorriso could not write {path}: {error.stderr.strip()}")
    except FileNotFoundError:
        module.fail_json(code="SEED_WRITE", msg="xorriso is not installed on this machine: apt-get install xorriso")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    module.exit_json(changed=True)


if __name__ == "__main__":
    main()
