#!/usr/bin/python3
"""Keeps the one user of the repository's SMB share, and tries the share as a client."""

from __future__ import annotations

import hashlib
import pwd
import subprocess

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_repository_share
short_description: Keep the user of the SMB share, or fetch files from it
description:
  - With O(password) the account is made and the password set where it is another one; with none the account may not log in.
  - With O(files) nothing is kept; they are fetched over SMB and compared with their hashes.
  - Works with Samba's own Python bindings, which come with the package samba.
options:
  account: {description: Unix account without a login that stands for the user., type: str, default: bringup-share}
  user: {description: "Name the client gives, for O(files).", type: str, default: ""}
  password: {description: Password of the user., type: str}
  config: {description: Samba's configuration., type: path, default: /etc/samba/smb.conf}
  host: {description: Server to fetch from., type: str, default: 127.0.0.1}
  port: {description: Its port., type: int, default: 445}
  share: {description: Name of the share., type: str, default: repository}
  files: {description: "What to fetch: path, size, sha256.", type: list, elements: dict}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_repository_share: {password: "{{ password }}"}
- bringup_repository_share: {user: idrac, password: "{{ password }}", files: [{path: a.bin, size: 3, sha256: "..."}]}
"""
RETURN = r"""
done: {description: What was done., type: list, elements: str, returned: success}
fetched: {description: Files that were fetched., type: list, elements: str, returned: success}
"""
# 0xC000006D logon failure, 0xC000006E account restriction, 0xC0000022 access denied.
LOGIN_REFUSED = {0xC000006D, 0xC000006E, 0xC0000022}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "account": {"type": "str", "default": "bringup-share"},
            "user": {"type": "str", "default": ""},
            "password": {"type": "str", "no_log": True},
            "config": {"type": "path", "default": "/etc/samba/smb.conf"},
            "host": {"type": "str", "default": "127.0.0.1"},
            "port": {"type": "int", "default": 445},
            "share": {"type": "str", "default": "repository"},
            "files": {"type": "list", "elements": "dict"},
        },
        supports_check_mode=True,
    )
    if module.params["files"] is not None:
        fetched = fetch(module)
        module.exit_json(changed=False, fetched=fetched, msg=f"the share gives {len(fetched)} files as the manifest says")
    done = keep(module)
    module.exit_json(changed=bool(done), done=done, msg="; ".join(done) or "the share's user is as wanted")


def keep(module: AnsibleModule) -> list[str]:
    account, password = module.params["account"], module.params["password"]
    held = stored_hash(module)
    if password is None:
        if held is None:
            return []
        run(module, ["pdbedit", "-s", module.params["config"], "-x", "-u", account])
        return [f"took the SMB login of {account} away"]
    if held == nt_hash(password):
        return []
    if not exists(account):
        run(module, ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", account])
    # From standard input, so that no process list shows it.
    run(module, ["smbpasswd", "-c", module.params["config"], "-s", "-a", account], f"{password}\n{password}\n")
    return [f"set the SMB password of {account}"]


def stored_hash(module: AnsibleModule) -> str | None:
    """NT hash that Samba has for the account, in upper case; None where it has no such user."""
    command = ["pdbedit", "-s", module.params["config"], "-L", "-w", "-u", module.params["account"]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        fields = line.split(":")
        if fields[0] == module.params["account"] and len(fields) > 3:
            return fields[3].upper()
    return None


def nt_hash(password: str) -> str:
    from samba.credentials import Credentials

    credentials = Credentials()
    credentials.set_password(password)
    return credentials.get_nt_hash().hex().upper()


def exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


def run(module: AnsibleModule, command: list[str], text: str = "") -> None:
    if module.check_mode:
        return
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        module.fail_json(
            code="REPOSITORY_SHARE_USER", msg=f"{command[0]} could not keep the user of the share: {(done.stderr or done.stdout).strip()}"
        )


def fetch(module: AnsibleModule) -> list[str]:
    from samba import NTSTATUSError
    from samba.credentials import Credentials
    from samba.param import LoadParm
    from samba.samba3 import libsmb_samba_internal as libsmb
    from samba.samba3 import param

    params = module.params
    place = f"//{params['host']}/{params['share']}"
    settings, credentials = LoadParm(), Credentials()
    settings.load(params["config"])
    settings.set("client min protocol", "SMB2_10")
    settings.set("smb ports", str(params["port"]))
    own = param.get_context()
    own.load(params["config"])
    own.set("client min protocol", "SMB2_10")
    own.set("smb ports", str(params["port"]))
    credentials.guess(settings)
    if params["user"]:
        credentials.set_username(params["user"])
        credentials.set_password(params["password"] or "")
    else:
        credentials.set_anonymous()
    try:
        connection = libsmb.Conn(params["host"], params["share"], lp=own, creds=credentials)
        for wanted in params["files"]:
            compare(module, place, wanted, connection.loadfile(wanted["path"].replace("/", "\\")))
    except NTSTATUSError as error:
        status, text = error.args[0] & 0xFFFFFFFF, error.args[1]
        code = "REPOSITORY_SHARE_LOGIN" if status in LOGIN_REFUSED else "REPOSITORY_SHARE"
        module.fail_json(code=code, msg=f"{place} does not give its files: {text} ({status:#x}).")
    return [wanted["path"] for wanted in params["files"]]


def compare(module: AnsibleModule, place: str, wanted: dict, content: bytes) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != wanted["sha256"]:
        module.fail_json(
            code="REPOSITORY_CORRUPT",
            msg=f"{wanted['path']} is corrupted: {place} gives {len(content)} bytes with the SHA-256 {sha256}, wanted {wanted['sha256']}.",
        )


if __name__ == "__main__":
    main()
