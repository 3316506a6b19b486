"""dellemc.openmanage.idrac_bios as it is, inside Ansible's own process: see bringup_in_process."""

import contextlib

from ansible.plugins.loader import action_loader

# Ansible reads this file before it forks for each host: what is imported here is imported once for all of them.
with contextlib.suppress(ImportError):
    import ansible_collections.dellemc.openmanage.plugins.modules.idrac_bios  # noqa: F401

InProcess = action_loader.get("bringup_in_process", class_only=True)


class ActionModule(InProcess):
    MODULE = "dellemc.openmanage.idrac_bios"
