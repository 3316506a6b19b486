#!/usr/bin/python3
"""Asks name servers for names and addresses over UDP, with nothing but Python's standard library."""

from __future__ import annotations

import os
import socket
import struct

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: bringup_dns_probe
short_description: Check forward and reverse names
description: Every record is asked for at every server, by name and by address; without records each server only has to answer.
options:
  servers: {description: Name servers to ask., type: list, elements: str, required: true}
  domain: {description: Domain of the names., type: str, required: true}
  records: {description: "What has to be known, each {name, address}.", type: list, elements: dict, required: true}
  timeout: {description: Seconds to wait for one answer; asked three times., type: float, default: 3}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_dns_probe: {servers: [198.18.20.10], domain: lab.example, records: [{name: node-1, address: 198.18.20.11}]}
"""
RETURN = r"""
answers: {description: How many questions were answered as wanted., type: int, returned: success}
"""
TYPE_A, TYPE_PTR = 1, 12
CODES = {0: "no such record", 1: "format error", 2: "server failure", 3: "no such name", 5: "refused"}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "servers": {"type": "list", "elements": "str", "required": True},
            "domain": {"type": "str", "required": True},
            "records": {"type": "list", "elements": "dict", "required": True},
            "timeout": {"type": "float", "default": 3},
        },
        supports_check_mode=True,
    )
    params, wrong, right = module.params, [], 0
    for server in params["servers"]:
        for question, kind, wanted in questions(params["domain"], params["records"]):
            seen = ask(server, question, kind, params["timeout"])
            if seen is None:
                wrong.append(f"{server} does not answer on UDP port 53, wanted a name server there")
                break
            if wanted is not None and wanted not in seen:
                wrong.append(f"{server} says {question} is {', '.join(seen)}, wanted {wanted}")
            else:
                right += 1
    if wrong:
        module.fail_json(code="DNS_ANSWER", msg="; ".join(wrong))
    module.exit_json(changed=False, answers=right, msg=f"{right} questions answered as wanted by {', '.join(params['servers'])}")


def questions(domain: str, records: list[dict]):
    """Question, record type and wanted answer; None wants any answer."""
    if not records:
        yield domain, TYPE_A, None
    pointed = set()
    for record in records:
        name = f"{record['name']}.{domain}"
        yield name, TYPE_A, record["address"]
        # An address with several names points back to the first.
        if record["address"] not in pointed:
            pointed.add(record["address"])
            yield ".".join(reversed(record["address"].split("."))) + ".in-addr.arpa", TYPE_PTR, name


def ask(server: str, name: str, kind: int, timeout: float) -> list[str] | None:
    """The answers as text, or the reason there is none; None when the server is silent."""
    identity = os.urandom(2)
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    query = identity + struct.pack("!HHHHH", 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.settimeout(timeout)
        channel.connect((server, 53))
        for _attempt in range(3):
            try:
                channel.send(query)
                answer = channel.recv(4096)
            except OSError:
                continue
            if answer[:2] == identity and len(answer) >= 12:
                return read_answers(answer, kind)
    return None


def read_answers(packet: bytes, kind: int) -> list[str]:
    flags, asked, answered = struct.unpack_from("!HHH", packet, 2)
    position = 12
    for _question in range(asked):
        position = read_name(packet, position)[1] + 4
    found = []
    for _answer in range(answered):
        position = read_name(packet, position)[1]
        record_type, _class, _ttl, length = struct.unpack_from("!HHIH", packet, position)
        position += 10
        if record_type == kind == TYPE_A:
            found.append(socket.inet_ntoa(packet[position : position + 4]))
        elif record_type == kind == TYPE_PTR:
            found.append(read_name(packet, position)[0])
        position += length
    return found or [CODES.get(flags & 15, f"error {flags & 15}")]


def read_name(packet: bytes, position: int) -> tuple[str, int]:
    """The name at a position and where the packet goes on after it; follows compression pointers (RFC 1035, 4.1.4)."""
    labels, after, jumps = [], None, 0
    while packet[position]:
        if packet[position] >= 0xC0:
            after = after or position + 2
            position = struct.unpack_from("!H", packet, position)[0] & 0x3FFF
            jumps += 1
            if jumps > 32:
                raise ValueError("a DNS name points at itself")
            continue
        labels.append(packet[position + 1 : position + 1 + packet[position]].decode("ascii", "replace"))
        position += 1 + packet[position]
    return ".".join(labels), after or position + 1


if __name__ == "__main__":
    main()
