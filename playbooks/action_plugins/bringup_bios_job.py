"""bringup_bios_job inside Ansible's own process: see bringup_in_process."""

from ansible.plugins.loader import action_loader

ActionModule = action_loader.get("bringup_in_process", class_only=True)
