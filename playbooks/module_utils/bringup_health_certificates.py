"""Until when certificates are good, read with Python alone: target servers need neither openssl nor cryptography."""

from __future__ import annotations

import base64
import datetime
import glob
import re
import socket
import ssl

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
UTC = datetime.timezone.utc


def validity(der: bytes) -> tuple[datetime.datetime, datetime.datetime]:
    """Not before and not after of a certificate (X.690, RFC 5280); ValueError where it is none."""
    try:
        body = inside(inside(der, 0)[0], 0)[0]
        fields = children(body)
        # The version is there from version 2 on, and tagged; then serial number, algorithm, issuer, validity.
        place = 4 if fields[0][0] == 0xA0 else 3
        (one, start), (other, end) = children(fields[place][1])
        return moment(one, start), moment(other, end)
    except (IndexError, ValueError, UnicodeDecodeError) as error:
        raise ValueError("is no certificate") from error


def inside(data: bytes, at: int) -> tuple[bytes, int]:
    """The content of the element that begins there, and where the next one begins."""
    length, at = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(data[at:at + count], "big"), at + count
    if at + length > len(data):
        raise ValueError("cut off")
    return data[at:at + length], at + length


def children(data: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(data):
        tag = data[at]
        content, at = inside(data, at)
        found.append((tag, content))
    return found


def moment(tag: int, text: bytes) -> datetime.datetime:
    """UTCTime with its two digits of a year, or GeneralizedTime."""
    words = text.decode("ascii")
    if tag == 0x17:
        words = ("19" if words[:2] >= "50" else "20") + words
    return datetime.datetime.strptime(words, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def judge(name: str, der: bytes, now: datetime.datetime, warn_days: float, fail_days: float) -> tuple[str, str]:
    """Verdict and words on one certificate."""
    try:
        start, end = validity(der)
    except ValueError as error:
        return "failed", f"{name} {error}"
    left = (end - now).total_seconds() / 86400
    if start > now:
        return "failed", f"{name} is valid only from {start:%Y-%m-%d %H:%M} UTC on"
    if left < 0:
        return "failed", f"{name} expired on {end:%Y-%m-%d}"
    verdict = "failed" if left < fail_days else "warn" if left < warn_days else "ok"
    return verdict, f"{name} ends on {end:%Y-%m-%d}, in {int(left)} days"


def of_files(patterns: list[str]) -> list[tuple[str, bytes]]:
    """`(path, DER)` of every certificate in the files that fit; a file without one comes as it is, to be told."""
    found = []
    for path in sorted({path for pattern in patterns for path in glob.glob(pattern)}):
        try:
            with open(path, "rb") as source:
                text = source.read(1 << 20)
        except OSError:
            continue
        blocks = PEM.findall(text)
        found += [(path, base64.b64decode(block)) for block in blocks] or [(path, b"")]
    return found


def shown_at(address: str, port: int) -> bytes:
    """The certificate that a server shows, whoever signed it; OSError where none comes."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((address, port), timeout=10) as raw, context.wrap_socket(raw, server_hostname=address) as channel:
        return channel.getpeercert(binary_form=True) or b""
