"""What is wrong with the certificate of the repository, told apart: over, not begun yet, for another machine, of another CA."""

from __future__ import annotations

import ssl
import time
import urllib.error

# X509_verify_cert_error(3).
EARLY, EXPIRED, NAMES = 9, 10, (62, 64)


def certificate_error(error: Exception) -> ssl.SSLCertVerificationError | None:
    """The refusal of a certificate behind an error of ssl or urllib; None where it is something else."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return reason if isinstance(reason, ssl.SSLCertVerificationError) else None


def certificate_fault(place: str, error: ssl.SSLCertVerificationError) -> tuple[str, str]:
    """Code and sentence without its full stop, with the clock by which this machine judged."""
    clock = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    if error.verify_code == EXPIRED:
        return "REPOSITORY_CERTIFICATE_EXPIRED", f"the certificate of {place} has expired; the clock here says {clock}"
    if error.verify_code == EARLY:
        return "REPOSITORY_CERTIFICATE_EARLY", f"the certificate of {place} is not valid yet; the clock here says {clock}"
    if error.verify_code in NAMES:
        return "REPOSITORY_CERTIFICATE_NAME", f"the certificate of {place} is for another machine: {error.verify_message}"
    return "REPOSITORY_CERTIFICATE_CA", f"the certificate of {place} is not signed by the site's CA: {error.verify_message}"


def place_of(host: str | None, port: int | None, scheme: str) -> str:
    return f"{host} port {port or (443 if scheme == 'https' else 80)}"
