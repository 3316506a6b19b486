#!/usr/bin/python3
"""Looks, for some seconds, whether an appliance that was just booted serves its API, and says what it still wants of a person."""

from __future__ import annotations

import http.client
import time

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_virsh import VirshError, domain_state, virsh
from ansible.module_utils.bringup_vm_state import console_lines, cpu_seconds, holder_of, own_macs, qemu_age

DOCUMENTATION = r"""
module: bringup_appliance_wait
short_description: See whether the API of an appliance answers
description:
  - Returns within C(seconds) with C(ready), to be called with until and retries. Nothing is logged in to.
  - Fails with C(hopeless) when waiting is of no use - the VM stopped or is gone, or another machine holds its address.
options:
  domain: {description: libvirt's name of the VM., type: str, required: true}
  address: {description: Its address., type: str, required: true}
  port: {description: TCP port of its HTTPS server., type: int, default: 443}
  console: {description: File with the output of the serial console., type: path, required: true}
  steps: {description: What a person has to do at its console., type: str, required: true}
  tunnel: {description: "The user and host of an SSH login to this machine, for the way to its screen.", type: str, required: true}
  kept: {description: "SHA-256 of the certificate it showed before; empty where there is none.", type: str, default: ""}
  seconds: {description: How long one look lasts., type: int, default: 20}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_appliance_wait: {domain: plant-7.ome, address: 10.20.1.40, console: /c.log, steps: Accept the licence., tunnel: installer@10.20.0.5}
  register: appliance
  until: appliance.ready | default(false) or appliance.hopeless | default(false)
"""
RETURN = r"""
ready: {description: Its API answered., type: bool, returned: success}
certificate: {description: "SHA-256 of the certificate it shows; empty where another machine may have shown it.", type: str, returned: when ready}
hopeless: {description: Waiting longer is of no use., type: bool, returned: failure}
"""

# Answers with or without a login; a server that is starting answers 502 to 504.
INFO = "/api/ApplicationService/Info"
TIMEOUT_SECONDS = 8
# A processor that ran less than this after the grace period executes nothing: /dev/kvm that answers but never runs.
IDLE_CPU_SECONDS, GRACE_SECONDS = 0.5, 20
PASSING = ("running", "in shutdown")


def main() -> None:
    text = {"type": "str", "required": True}
    module = AnsibleModule(
        argument_spec={
            **{name: text for name in ("domain", "address", "steps", "tunnel")},
            "port": {"type": "int", "default": 443},
            "console": {"type": "path", "required": True},
            "kept": {"type": "str", "default": ""},
            "seconds": {"type": "int", "default": 20},
        },
        supports_check_mode=True,
    )
    deadline = time.monotonic() + module.params["seconds"]
    while True:
        shown, reason = ask(module.params)
        if shown:
            accept(module, shown)
        if time.monotonic() >= deadline:
            break
        time.sleep(2)
    refuse_hopeless(module)
    told = f"{reason} {todo(module)}"
    module.exit_json(changed=False, ready=False, code="OME_APPLIANCE_SILENT", bringup_progress=told, msg=told, console=console_lines(module.params["console"]))


def ask(params: dict) -> tuple[str, str]:
    """SHA-256 of the certificate of a server whose API answers, or what is in the way."""
    place = ome.place_of(params["address"], params["port"])
    # Nothing is said to it: the login comes later, by the certificate that is read here.
    link = http.client.HTTPSConnection(params["address"], params["port"], timeout=TIMEOUT_SECONDS, context=ome.unjudged())
    try:
        link.connect()
        shown = ome.fingerprint_of(link.sock.getpeercert(binary_form=True))
        link.request("GET", INFO, headers={"Accept": "application/json"})
        status = link.getresponse().status
    except OSError as error:
        return "", f"{ome.connection_error(place, error)}."
    except http.client.HTTPException as error:
        return "", f"{place} breaks off its answer: {type(error).__name__}."
    finally:
        link.close()
    return ("", f"{place} is starting: HTTP {status}.") if status >= 500 else (shown, "")


def accept(module: AnsibleModule, shown: str) -> None:
    """Ends well, where it is the VM itself that answers and with the certificate it had before."""
    address, kept = module.params["address"], module.params["kept"]
    own, holder = addresses(module)
    if holder and own and holder not in own:
        module.fail_json(
            code="OME_APPLIANCE_ADDRESS_TAKEN", hopeless=True,
            msg=f"Another machine holds the address {address} of the appliance: it answers from {holder}, the appliance's own card is {own[0]}.",
        )
    place = ome.place_of(address, module.params["port"])
    if kept and kept != shown:
        module.fail_json(
            code="OME_CERTIFICATE_CHANGED", hopeless=True,
            msg=f"{place} shows another certificate than when it was deployed: expected SHA-256 {kept}, it shows {shown}.",
        )
    vouched = holder is not None and holder in own
    said = "Its own network card answers, so its certificate is kept" if vouched else "It is reached through a router, so nobody vouches for its certificate"
    module.exit_json(changed=False, ready=True, certificate=shown if vouched else "", msg=f"{place} answers. {said}; SHA-256 {shown}.")


def addresses(module: AnsibleModule) -> tuple[list[str], str | None]:
    """MAC addresses of the VM, and the one that answers for its address in this machine's own networks."""
    try:
        return own_macs(module.params["domain"]), holder_of(module.params["address"])
    except VirshError:
        return [], None


def refuse_hopeless(module: AnsibleModule) -> None:
    """Fails where the VM stopped, or its processor stands still."""
    domain = module.params["domain"]
    try:
        state = domain_state(domain)
        if state not in PASSING:
            give_up(module, f"The appliance {domain} is {state or 'gone'}, wanted running.")
        ran, age = cpu_seconds(domain), qemu_age(domain)
    except (VirshError, OSError, ValueError):
        return
    if ran is not None and age > GRACE_SECONDS and ran < IDLE_CPU_SECONDS:
        give_up(module, f"The appliance's processor has run {ran:.2f} s in {age:.0f} s: hardware virtualisation on this KVM host answers but does not execute.")


def give_up(module: AnsibleModule, msg: str) -> None:
    module.fail_json(code="OME_APPLIANCE_STOPPED", hopeless=True, msg=msg, console=console_lines(module.params["console"]))


def todo(module: AnsibleModule) -> str:
    """What a person has to do where, with the commands that lead there."""
    domain = module.params["domain"]
    try:
        display = virsh("vncdisplay", domain).strip()
    except VirshError:
        display = ""
    port = 5900 + int(display.rpartition(":")[2]) if display.rpartition(":")[2].isdigit() else 5900
    return (
        f"{module.params['steps']} Its screen: ssh -L {port}:127.0.0.1:{port} {module.params['tunnel']}, "
        f"then a VNC viewer on 127.0.0.1:{port}. Its serial console, where it has one: virsh console {domain} on the KVM host."
    )


if __name__ == "__main__":
    main()
