"""The site's own CA and the certificates it signs: what is wanted, what is there, and making what is missing."""

from __future__ import annotations

import datetime
import ipaddress
import ssl

from ansible.module_utils.bringup_files import write_whole
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# RSA, as BMCs of every age take it.
CA_BITS = 3072
BITS = 2048
# BMCs and servers just unpacked have clocks that are off; a certificate of today would not be valid there yet.
BACKDATE = datetime.timedelta(days=1)


def now() -> datetime.datetime:
    """UTC without a zone, as cryptography 38 has its times."""
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)


def load_certificate(path: str):
    """The certificate of PATH.crt; None where it or PATH.key is missing, unreadable or not the other's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Whose key it is counts here, not how strong it is.
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    try:
        context.load_cert_chain(f"{path}.crt", f"{path}.key", password="")
        with open(f"{path}.crt", "rb") as source:
            return x509.load_pem_x509_certificate(source.read())
    except (OSError, ValueError, TypeError):
        return None


def load_key(path: str):
    """The key of PATH.key, to sign with: reading one takes its primes to the test, which an emulated processor needs a second for."""
    with open(f"{path}.key", "rb") as source:
        return serialization.load_pem_private_key(source.read(), None)


def write_pair(path: str, key, certificate) -> None:
    """The key first, mode 0600 from its first byte on, so that a certificate never stands without its key."""
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for name, content, mode in ((f"{path}.key", key.private_bytes(*form), 0o600), (f"{path}.crt", pem(certificate), 0o644)):
        write_whole(name, content, mode)


def pem(certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def fingerprint(certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def age_reason(certificate, renew_days: int) -> str | None:
    """Why a certificate's time is no longer good enough, or None."""
    left = certificate.not_valid_after - now()
    if left < datetime.timedelta(0):
        return f"it expired on {certificate.not_valid_after:%Y-%m-%d}"
    if left < datetime.timedelta(days=renew_days):
        return f"it ends on {certificate.not_valid_after:%Y-%m-%d}, in less than {renew_days} days"
    if certificate.not_valid_before > now():
        return f"it is valid only from {certificate.not_valid_before:%Y-%m-%d %H:%M} UTC on"
    return None


def leaf_reason(certificate, ca, names: list[str], addresses: list[str], renew_days: int) -> str | None:
    """Why a service's certificate has to be made anew, or None."""
    try:
        ca.public_key().verify(certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), certificate.signature_hash_algorithm)
    except (InvalidSignature, ValueError, TypeError):
        return "another CA signed it"
    try:
        held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return "it names no machine"
    seen = {*held.get_values_for_type(x509.DNSName), *map(str, held.get_values_for_type(x509.IPAddress))}
    if seen != {*names, *addresses}:
        return f"it is for {', '.join(sorted(seen))}"
    return age_reason(certificate, renew_days)


def make_ca(common_name: str, days: int, key=None):
    """A new CA; with the key of the old one, what that signed stays good."""
    key = key or rsa.generate_private_key(65537, CA_BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])
    usage = dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    return key, (
        draft(name, name, key.public_key(), days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def make_leaf(ca_key, ca, names: list[str], addresses: list[str], days: int):
    """A key and a server's certificate for these names and addresses, ending with the CA at the latest."""
    key = rsa.generate_private_key(65537, BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    alternative = [*map(x509.DNSName, names), *(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses)]
    usage = dict.fromkeys(("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False)
    builder = (
        draft(subject, ca.subject, key.public_key(), days, ca.not_valid_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(**usage, digital_signature=True, key_encipherment=True, encipher_only=False, decipher_only=False), critical=True
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternative), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.public_key()), critical=False)
    )
    return key, builder.sign(ca_key, hashes.SHA256())


def draft(subject, issuer, key, days: int, latest: datetime.datetime | None = None) -> x509.CertificateBuilder:
    end = now() + datetime.timedelta(days=days)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - BACKDATE)
        .not_valid_after(min(end, latest) if latest else end)
    )
