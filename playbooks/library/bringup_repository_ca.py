#!/usr/bin/python3
"""Keeps the site's own CA and the certificates of its services."""

from __future__ import annotations

import os

from ansible.module_utils import bringup_repository_pki as pki
from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_repository_ca
short_description: Keep the site's CA and a certificate of each service
description:
  - Makes the CA once. What is near its end, damaged, or for other names is made anew; a CA is renewed with its own key, so that
    what it signed stays good. Keys have mode 0600.
options:
  folder: {description: "Where NAME.key and NAME.crt lie; the CA's name is ca.", type: path, required: true}
  common_name: {description: Subject of the CA., type: str, required: true}
  certificates: {description: "Certificates with name, names (DNS) and addresses.", type: list, elements: dict, required: true}
  days: {description: How long a new certificate is good., type: int, default: 3650}
  renew_days: {description: Days before the end from which it is renewed., type: int, default: 90}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_repository_ca:
    folder: /etc/bringup/pki
    common_name: Site plant-7
    certificates: [{name: repository, names: [repository.plant7.example], addresses: [10.20.0.10]}]
"""
RETURN = r"""
made: {description: "What was made and why.", type: list, elements: str, returned: always}
ca: {description: The CA's certificate as PEM., type: str, returned: when it is there}
fingerprint: {description: SHA-256 of the CA's certificate., type: str, returned: when it is there}
fingerprints: {description: SHA-256 of each certificate by name., type: dict, returned: always}
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "folder": {"type": "path", "required": True},
            "common_name": {"type": "str", "required": True},
            "certificates": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "names": {"type": "list", "elements": "str", "required": True},
                    "addresses": {"type": "list", "elements": "str", "default": []},
                },
            },
            "days": {"type": "int", "default": 3650},
            "renew_days": {"type": "int", "default": 90},
        },
        supports_check_mode=True,
    )
    folder = module.params["folder"]
    if not module.check_mode:
        os.makedirs(folder, mode=0o755, exist_ok=True)
    made: list[str] = []
    place = os.path.join(folder, "ca")
    ca = settle_ca(module, place, made)
    prints = {}
    for wanted in module.params["certificates"]:
        certificate = settle_leaf(module, place, ca, wanted, made)
        if certificate is not None:
            prints[wanted["name"]] = pki.fingerprint(certificate)
    told = {"ca": pki.pem(ca).decode(), "fingerprint": pki.fingerprint(ca)} if ca else {}
    who = f"; the site's CA has the SHA-256 {told['fingerprint']}" if ca else ""
    module.exit_json(changed=bool(made), made=made, fingerprints=prints, msg=("; ".join(made) or "every certificate is as wanted") + who, **told)


def settle_ca(module: AnsibleModule, path: str, made: list[str]):
    held = pki.load_certificate(path)
    if held is None and any(os.path.exists(f"{path}.{ending}") for ending in ("key", "crt")):
        # A new CA would make every certificate and every client of the old one useless: that is for a person to decide.
        module.fail_json(
            code="REPOSITORY_CA_DAMAGED",
            msg=f"{path}.key and {path}.crt are not a key and its certificate. Put them back from a backup, or delete both: "
            "then the site gets a new CA, and every machine that trusts the old one has to be given the new one.",
        )
    reason = "there was none" if held is None else pki.age_reason(held, module.params["renew_days"])
    if reason is None:
        return held
    made.append(f"the site's CA: {reason}")
    if module.check_mode:
        return held
    fresh = pki.make_ca(module.params["common_name"], module.params["days"], pki.load_key(path) if held else None)
    pki.write_pair(path, *fresh)
    return fresh[1]


def settle_leaf(module: AnsibleModule, ca_path: str, ca, wanted: dict, made: list[str]):
    path = os.path.join(module.params["folder"], wanted["name"])
    held = pki.load_certificate(path)
    names, addresses = wanted["names"], wanted["addresses"]
    reason = "there was none"
    if held is not None and ca is not None:
        reason = pki.leaf_reason(held, ca, names, addresses, module.params["renew_days"])
    if reason is None:
        return held
    made.append(f"the certificate of {wanted['name']}: {reason}")
    if module.check_mode or ca is None:
        return held
    fresh = pki.make_leaf(pki.load_key(ca_path), ca, names, addresses, module.params["days"])
    pki.write_pair(path, *fresh)
    return fresh[1]


if __name__ == "__main__":
    main()
