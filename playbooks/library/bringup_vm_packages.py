#!/usr/bin/python3
"""Brings the packages that a base image lacks into the deployment VM, from a package archive on the KVM host."""

from __future__ import annotations

import json
import os
import re
import time

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_packages import NotAnArchive, judge, read_archive
from ansible.module_utils.bringup_vm_ssh import ARGUMENTS, ssh

DOCUMENTATION = r"""
module: bringup_vm_packages
short_description: Install packages in a VM from a package archive, without a network
description:
  - C(look) compares the archive with the VM and refuses what cannot work; C(send) streams the archive into the VM; C(install) starts
    the installation there, or looks after the one that runs, and returns within C(seconds) with C(done), to be called with until.
  - What is installed already is known from the VM's own package database, so that nothing is done twice.
options:
  step: {description: What to do., type: str, choices: [look, send, install], required: true}
  archive: {description: The package archive on this machine., type: path, required: true}
  sha256: {description: Its SHA-256., type: str, required: true}
  script: {description: install-packages.sh on this machine., type: path, required: true}
  address: {description: The VM's address., type: str, required: true}
  user: {description: Whom to log in as., type: str, required: true}
  key: {description: Private key file., type: path, required: true}
  known_hosts: {description: File with the host key the VM must show., type: path, required: true}
  seconds: {description: How long one attempt of C(install) lasts., type: int, default: 8}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_vm_packages:
    {step: look, archive: /p.tar, sha256: 0a1b, script: /i.sh, address: 198.18.20.10, user: bringup, key: /k, known_hosts: /h}
"""
RETURN = r"""
lacking: {description: Packages the VM lacks., type: list, elements: str, returned: with look}
done: {description: The installation came to its end., type: bool, returned: with install}
"""

# Runs on the VM: standard library only, any Python 3.
LOOK = r"""
import json, os, platform, shutil, subprocess
system = dict(line.rstrip().replace('"', '').split('=', 1) for line in open('/etc/os-release') if '=' in line)
def told(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, universal_newlines=True).stdout if shutil.which(words[0]) else ''
space = os.statvfs('/')
status = [line.split() for line in told('dpkg-query', '--show', '--showformat', '${db:Status-Status} ${Package}\n').splitlines()]
print(json.dumps({'id': system.get('ID', ''), 'codename': system.get('VERSION_CODENAME', ''), 'name': system.get('PRETTY_NAME', 'unknown'),
  'architecture': told('dpkg', '--print-architecture').strip() or platform.machine(), 'free': space.f_bavail * space.f_frsize,
  'installed': [words[1] for words in status if words[0] == 'installed']}))
"""
# `out` holds what the installation says, `code` how it ended; a restart of the VM leaves neither the unit nor `code`.
INSTALL = """
cd {folder} || exit 1
if [ -e code ]; then cat code out; rm code; exit; fi
if ! systemctl --quiet is-active bringup-packages.service; then
  systemctl reset-failed bringup-packages.service 2>/dev/null
  systemd-run --quiet --unit=bringup-packages sh -c 'sh {folder}/install-packages.sh {folder} --deployment-vm >{folder}/out 2>&1; echo $? >{folder}/code.part; mv {folder}/code.part {folder}/code'
fi
echo running
tail -n 1 out 2>/dev/null || true
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **ARGUMENTS,
            "step": {"type": "str", "choices": ["look", "send", "install"], "required": True},
            "archive": {"type": "path", "required": True},
            "sha256": {"type": "str", "required": True},
            "script": {"type": "path", "required": True},
            "seconds": {"type": "int", "default": 8},
        },
    )
    {"look": look, "send": send, "install": install}[module.params["step"]](module)


def look(module: AnsibleModule) -> None:
    path = module.params["archive"]
    try:
        archive = read_archive(path)
    except (NotAnArchive, KeyError) as error:
        module.fail_json(code="PACKAGES_ARCHIVE", msg=f"{os.path.basename(path)} is not a package archive: {error}")
    verdict = judge(archive, os.path.getsize(path), json.loads(ask(module, "python3 -", input=LOOK)))
    if "code" in verdict:
        module.fail_json(**verdict)
    module.exit_json(changed=False, **verdict)


def send(module: AnsibleModule) -> None:
    folder = folder_of(module)
    # A run that broke off may have left its installation at work: it is waited for, not disturbed.
    busy = f"test -e {folder}/install-packages.sh && systemctl is-active bringup-packages.service || true"
    if ask(module, busy).strip() == "active":
        module.exit_json(changed=False, msg="an installation from this archive is at work already")
    with open(module.params["script"], encoding="utf-8") as script:
        ask(module, f"sudo sh -c 'rm -rf {folder}; mkdir -p {folder} && cat >{folder}/install-packages.sh'", stdin=script)
    with open(module.params["archive"], "rb") as archive:
        ask(module, f"sudo tar -x -C {folder}", stdin=archive)
    size = os.path.getsize(module.params["archive"]) >> 20
    module.exit_json(changed=True, msg=f"{size} MiB sent")


def install(module: AnsibleModule) -> None:
    script = INSTALL.format(folder=folder_of(module))
    deadline = time.monotonic() + module.params["seconds"]
    while True:
        state, _, said = ask(module, "sudo sh -s", input=script).partition("\n")
        if state != "running":
            break
        if time.monotonic() >= deadline:
            module.exit_json(changed=True, done=False, bringup_progress=said, msg=said)
        time.sleep(1)
    lines = said.strip().splitlines()
    last = lines[-1] if lines else "it said nothing"
    if state == "0":
        ask(module, f"sudo rm -rf {folder_of(module)}")
        module.exit_json(changed=True, done=True, msg=last)
    known = re.fullmatch(r"(PACKAGES_[A-Z_]+): (.*)", last)
    code, sentence = known.groups() if known else ("PACKAGES_INSTALL", f"the installation ended with {state}: {last}")
    module.fail_json(code=code, msg=f"In the deployment VM {sentence}", stdout="\n".join(lines[-40:]))


def folder_of(module: AnsibleModule) -> str:
    return f"/var/lib/bringup/packages/{module.params['sha256']}"


def ask(module: AnsibleModule, command: str, **options) -> str:
    """Output of a command on the VM; the module fails when it does."""
    done = ssh(module.params, command, **options)
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.strip()
    code = "VM_LOGIN" if done.returncode == 255 else "PACKAGES_DISK_FULL" if "No space left" in said else "PACKAGES_SEND"
    return module.fail_json(code=code, msg=f"The deployment VM could not take the packages: {(said.splitlines() or ['no reason given'])[-1]}", stderr=said)


if __name__ == "__main__":
    main()
