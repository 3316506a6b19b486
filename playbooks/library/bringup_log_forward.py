#!/usr/bin/python3
"""Makes a machine send its logs to the site's log server: by its rsyslog where that speaks TLS, else by a small unit of our own."""

from __future__ import annotations

import glob
import json
import os
import shutil
import subprocess

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_files import write_whole

DOCUMENTATION = r"""
module: bringup_log_forward
short_description: Send this machine's logs to a server
description:
  - An rsyslog that runs and has a TLS driver gets one file in /etc/rsyslog.d, checked together with all the others first.
  - Any other machine with a journal gets a unit that reads it and needs nothing but Python.
  - On a machine without either nothing is done, and the result says so. Nothing is ever installed.
options:
  server: {description: "address, port, protocol (tls, tcp, udp), name (of the certificate).", type: dict, required: true}
  ca: {description: "CA that signed the server's certificate, as PEM; empty means those this machine trusts.", type: str, default: ""}
  forwarder: {description: Text of the unit's program., type: str, required: true}
  unit: {description: Text of the unit., type: str, required: true}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_log_forward:
    server: {address: 10.20.0.10, port: 6514, protocol: tls, name: logging.plant7.example}
    ca: "{{ ca }}"
    forwarder: "{{ lookup('file', 'bringup-log-forward.py') }}"
    unit: "{{ lookup('file', 'bringup-log-forward.service') }}"
"""
RETURN = r"""
way: {description: "rsyslog, journal or none.", type: str, returned: success}
done: {description: What was done., type: list, elements: str, returned: success}
"""
CA = "/etc/bringup/site-ca.crt"
CONFIG = "/etc/bringup/log-forward.json"
DROP_IN = "/etc/rsyslog.d/60-bringup.conf"
PROGRAM = "/usr/local/lib/bringup-log-forward.py"
UNIT = "bringup-log-forward.service"
UNIT_PATH = f"/etc/systemd/system/{UNIT}"
DRIVERS = {"gtls": "lmnsd_gtls.so", "ossl": "lmnsd_ossl.so"}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "server": {"type": "dict", "required": True},
            "ca": {"type": "str", "default": ""},
            "forwarder": {"type": "str", "required": True},
            "unit": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    server = {**module.params["server"], "port": int(module.params["server"]["port"])}
    driver = find_driver()
    done: list[str] = []
    if runs("rsyslog.service") and (driver or server["protocol"] != "tls"):
        way = "rsyslog"
        by_rsyslog(module, server, driver, done)
    elif systemd() and shutil.which("journalctl"):
        way = "journal"
        by_journal(module, server, done)
    else:
        module.exit_json(changed=False, way="none", done=[], msg="This machine has neither rsyslog nor a journal: its logs are not collected")
    module.exit_json(changed=bool(done), way=way, done=done, msg=f"its logs go by {way}: {', '.join(done) or 'as wanted'}")


def by_rsyslog(module: AnsibleModule, server: dict, driver: str | None, done: list[str]) -> None:
    if runs(UNIT):
        act(module, done, "disable", "--now", UNIT)
    changed = keep(module, CA, ca_text(module), done)
    text = rsyslog_text(server, driver)
    if holds(DROP_IN) != text:
        before = holds(DROP_IN)
        keep(module, DROP_IN, text, done)
        changed = True
        checked = None if module.check_mode else run("rsyslogd", "-N1")
        if checked is not None and checked.returncode != 0:
            # As it was before, or the machine would lose its own logs at its next start.
            restore(DROP_IN, before)
            module.fail_json(
                code="LOG_FORWARD_CONFIG", msg=f"rsyslog of this machine refuses {DROP_IN}, which was taken back: {checked.stderr.strip()}"
            )
    if changed:
        act(module, done, "restart", "rsyslog.service")


def by_journal(module: AnsibleModule, server: dict, done: list[str]) -> None:
    if os.path.exists(DROP_IN):
        if not module.check_mode:
            os.unlink(DROP_IN)
        done.append(f"removed {DROP_IN}")
        if runs("rsyslog.service"):
            act(module, done, "restart", "rsyslog.service")
    config = {key: server[key] for key in ("address", "port", "protocol")}
    config["ca"] = CA if module.params["ca"] else ""
    files = {CA: ca_text(module), CONFIG: json.dumps(config) + "\n", PROGRAM: module.params["forwarder"], UNIT_PATH: module.params["unit"]}
    changed = [path for path, text in files.items() if keep(module, path, text, done)]
    if UNIT_PATH in changed:
        act(module, done, "daemon-reload")
    if run("systemctl", "is-enabled", "--quiet", UNIT).returncode != 0:
        act(module, done, "enable", UNIT)
    if changed or not runs(UNIT):
        act(module, done, "restart", UNIT)


def rsyslog_text(server: dict, driver: str | None) -> str:
    words = {"target": server["address"], "port": str(server["port"]), "protocol": "udp" if server["protocol"] == "udp" else "tcp"}
    words["template"] = "RSYSLOG_SyslogProtocol23Format"
    before = ""
    if words["protocol"] == "tcp":
        words["TCP_Framing"] = "octet-counted"
    if server["protocol"] == "tls":
        # Set for all of rsyslog, as versions below 8.2108 know no CA of one action.
        before = f'global(defaultNetstreamDriverCAFile="{CA}")\n'
        words.update(StreamDriver=driver or "", StreamDriverMode="1", StreamDriverAuthMode="x509/name" if server["name"] else "x509/certvalid")
        if server["name"]:
            words["StreamDriverPermittedPeers"] = server["name"]
    queue = {"type": "LinkedList", "size": "50000", "filename": "bringup", "maxDiskSpace": "100m", "saveOnShutdown": "on"}
    words.update({f"queue.{name}": value for name, value in queue.items()})
    words["action.resumeRetryCount"] = "-1"
    spelled = " ".join(f'{name}="{value}"' for name, value in words.items())
    return f'# Written by Bringup. Changes are overwritten.\n{before}*.* action(type="omfwd" {spelled})\n'


def find_driver() -> str | None:
    for driver, name in DRIVERS.items():
        if any(glob.glob(f"{folder}/rsyslog/{name}") for folder in ("/usr/lib/*", "/usr/lib64", "/usr/lib")):
            return driver
    return None


def systemd() -> bool:
    return os.path.isdir("/run/systemd/system")


def runs(unit: str) -> bool:
    return systemd() and run("systemctl", "is-active", "--quiet", unit).returncode == 0


def ca_text(module: AnsibleModule) -> str:
    return module.params["ca"].strip() + "\n"


def keep(module: AnsibleModule, path: str, text: str, done: list[str]) -> bool:
    """Write a file where it holds something else; says whether it does."""
    if holds(path) == text:
        return False
    if not module.check_mode:
        os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
        write_whole(path, text)
    done.append(f"wrote {path}")
    return True


def restore(path: str, before: str | None) -> None:
    if before is None:
        os.unlink(path)
        return
    with open(path, "w", encoding="utf-8") as target:
        target.write(before)


def holds(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as source:
            return source.read()
    except (OSError, UnicodeDecodeError):
        return None


def act(module: AnsibleModule, done: list[str], *words: str) -> None:
    done.append(" ".join(words))
    if module.check_mode:
        return
    result = run("systemctl", *words)
    if result.returncode != 0:
        module.fail_json(code="LOG_FORWARD_START", msg=f"systemctl {' '.join(words)} failed: {result.stderr.strip()}", rc=result.returncode)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    main()
