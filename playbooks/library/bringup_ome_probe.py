#!/usr/bin/python3
"""Takes over an OpenManage Enterprise: certificate, login, version, rights and services, and changes nothing there."""

from __future__ import annotations

import socket
import ssl
import time

from ansible.module_utils import bringup_ome as ome
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_ome_probe
short_description: Ask an OpenManage Enterprise whether it can be worked with
description:
  - Looks at its certificate before a password is sent, and lays what vouches for it into ca_path, for the modules that follow.
  - Logs in once. A refused password is never tried again. While it starts, ready is false and nothing fails.
options:
  pin: {description: "SHA-256 of its certificate; empty means that a CA must vouch for it.", type: str, default: ""}
  ca: {description: "CA as PEM; empty means the CAs this machine trusts.", type: str, default: ""}
  ca_path: {description: File that gets the certificates to trust., type: path, required: true}
  version: {description: The least version that will do., type: str, required: true}
  unfit_roles: {description: Roles that may not do enough., type: list, elements: str, default: []}
  services: {description: Resources that must answer., type: list, elements: str, default: []}
extends_documentation_fragment: [bringup_ome]
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_ome_probe: {hostname: 10.20.1.40, username: admin, password: "{{ p }}", pin: "{{ sha256 }}", ca_path: /run/x/ome.pem, version: 3.8.3}
"""
RETURN = r"""
ready: {description: Whether every service answers., type: bool, returned: success}
version: {description: The version it has., type: str, returned: when ready}
fingerprint: {description: SHA-256 of its certificate., type: str, returned: when ready}
direct: {description: "False where only the pin vouches for it, so that modules which know only ca_path need a relay.", type: bool, returned: when ready}
"""

SYSTEM_CAS = "/etc/ssl/certs/ca-certificates.crt"
REMEDY = "compare it with what the appliance shows at its own console, then put it into the site file as parameters.ome.certificate"
# X509_verify_cert_error(3): 9 not yet valid, 10 expired, 62 and 64 another name or address.
EARLY, EXPIRED, NAMES = 9, 10, (62, 64)


def main() -> None:
    extra = {name: {"type": "str", "default": ""} for name in ("pin", "ca")}
    lists = {name: {"type": "list", "elements": "str", "default": []} for name in ("unfit_roles", "services")}
    module = AnsibleModule(argument_spec={**ome.ome_arguments(), **extra, **lists, "version": {"type": "str", "required": True}}, supports_check_mode=True)
    params = module.params
    try:
        if not params["username"] or not params["password"]:
            raise ome.OmeError("OME_LOGIN_INCOMPLETE", "The credential of parameters.ome holds no user name with a password, which OpenManage Enterprise wants")
        trust = settle_trust(params)
        version = take_over(params)
    except ome.OmeNotReady as error:
        module.exit_json(changed=False, ready=False, code=error.code, bringup_progress=f"{error}.", msg=f"{error}.")
    except ome.OmeError as error:
        module.fail_json(code=error.code, msg=f"{error}.")
    said = f"OpenManage Enterprise {version} is ready; its certificate has the SHA-256 {trust['fingerprint']}."
    module.exit_json(changed=False, ready=True, version=version, msg=said, **trust)


def settle_trust(params: dict) -> dict:
    """The certificate judged before anything is said, and what vouches for it laid into ca_path."""
    place = ome.place_of(params["hostname"], params["port"])
    chain = shown_chain(params, place)
    shown, pin = ome.fingerprint_of(chain[0]), ome.plain_pin(params["pin"])
    if pin and shown != pin:
        raise ome.OmeError("OME_CERTIFICATE_CHANGED", ome.changed_certificate(place, pin, shown))
    trusted = trusted_text(params, pin, chain)
    if not trusted:
        raise unknown_certificate(place, shown)
    ome.write_file(params["ca_path"], trusted)
    try:
        context = ssl.create_default_context(cafile=params["ca_path"])
        if pin:
            # The pin vouches for it, whatever name it is for and whoever signed it, and not beyond its time.
            context.check_hostname = False
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        handshake(params, context).close()
        direct = not pin or is_verified(params)
    except ssl.SSLCertVerificationError as error:
        raise certificate_error(place, error, params["ca"], shown) from error
    except ssl.SSLError as error:
        raise ome.OmeError("OME_TLS", f"{place} speaks no TLS that this machine takes, or parameters.ome.ca is no certificate: {error}") from error
    except OSError as error:
        raise ome.connection_error(place, error) from error
    return {"fingerprint": shown, "direct": direct}


def is_verified(params: dict) -> bool:
    """Whether a client that knows nothing but ca_path takes it too."""
    try:
        handshake(params, ssl.create_default_context(cafile=params["ca_path"])).close()
    except ssl.SSLCertVerificationError:
        return False
    return True


def trusted_text(params: dict, pin: str, chain: list[bytes]) -> str:
    if pin:
        return "".join(ssl.DER_cert_to_PEM_cert(one) for one in chain)
    if params["ca"]:
        return params["ca"]
    try:
        with open(SYSTEM_CAS, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def shown_chain(params: dict, place: str) -> list[bytes]:
    """The certificate it shows, and those it sends along, as DER; nothing is said to it."""
    try:
        with handshake(params, ome.unjudged()) as link:
            leaf = link.getpeercert(binary_form=True)
            # Public from Python 3.13 on.
            sent = getattr(getattr(link, "_sslobj", None), "get_unverified_chain", list)() or []
    except ssl.SSLError as error:
        raise ome.OmeError("OME_TLS", f"{place} speaks no TLS that this machine takes: {error.reason or error}") from error
    except OSError as error:
        raise ome.connection_error(place, error) from error
    return [leaf, *[ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in sent[1:]]]


def handshake(params: dict, context: ssl.SSLContext) -> ssl.SSLSocket:
    try:
        raw = socket.create_connection((params["hostname"], params["port"]), timeout=params["timeout"])
    except TimeoutError as error:
        raise ome.OmeError("OME_UNREACHABLE", f"{ome.place_of(params['hostname'], params['port'])} cannot be reached: no answer") from error
    try:
        return context.wrap_socket(raw, server_hostname=params["hostname"])
    except BaseException:
        raw.close()
        raise


def certificate_error(place: str, error: ssl.SSLCertVerificationError, ca: str, shown: str) -> ome.OmeError:
    clock = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    if error.verify_code == EXPIRED:
        return ome.OmeError("OME_CERTIFICATE_EXPIRED", f"The certificate of {place} has expired; the clock here says {clock}")
    if error.verify_code == EARLY:
        return ome.OmeError("OME_CERTIFICATE_EARLY", f"The certificate of {place} is not valid yet; the clock here says {clock}")
    if error.verify_code in NAMES:
        return ome.OmeError("OME_CERTIFICATE_NAME", f"The certificate of {place} is for another name: {error.verify_message}")
    if ca:
        return ome.OmeError("OME_CERTIFICATE_CA", f"The certificate of {place} is not signed by parameters.ome.ca: {error.verify_message}")
    return unknown_certificate(place, shown)


def unknown_certificate(place: str, shown: str) -> ome.OmeError:
    return ome.OmeError("OME_CERTIFICATE_UNKNOWN", f"Nobody vouches for the certificate of {place}. Its SHA-256 is {shown}: {REMEDY}")


def take_over(params: dict) -> str:
    """Logs in, and looks at version, rights and services. Answers the version."""
    with ome.Ome(params) as session:
        version = str(session.get("ApplicationService/Info").get("Version", ""))
        if numbers(version) < numbers(params["version"]):
            raise ome.OmeError("OME_VERSION", f"{session.place} has the version {version or 'unknown'}, wanted at least {params['version']}")
        roles = [str(role) for role in session.session.get("Roles") or []]
        if roles and set(roles) <= set(params["unfit_roles"]):
            raise ome.OmeError("OME_PRIVILEGE", f"{session.place} gives {params['username']} the role {', '.join(roles)}, which may not discover and update devices")
        for path in params["services"]:
            session.get(path)
    return version


def numbers(version: str) -> list[int]:
    return [int("".join(sign for sign in part if sign.isdigit()) or 0) for part in version.split(".")]


if __name__ == "__main__":
    main()
