import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import { createHash } from 'node:crypto';
import type { BringupError } from '../../contract/errors.ts';
import { redfishError } from './errors.ts';
import type { CertificateFacts, Trust } from './types.ts';

/** A fingerprint as it is compared: 64 lower-case hexadecimal digits. */
export function normalisePin(pin: string): string {
  return pin
    .replace(/^sha-?256[:=]?\s*/i, '')
    .replace(/[:\s]/g, '')
    .toLowerCase();
}

/** What of a certificate is kept and shown; undefined where the peer showed none. */
export function certificateFacts(
  shown: PeerCertificate | DetailedPeerCertificate | undefined,
): CertificateFacts | undefined {
  if (shown?.raw === undefined) return undefined;
  return {
    sha256: createHash('sha256').update(shown.raw).digest('hex'),
    subject: subjectOf(shown),
    valid_from: isoTime(shown.valid_from),
    valid_to: isoTime(shown.valid_to),
  };
}

function subjectOf(shown: PeerCertificate): string {
  const parts = Object.entries({ ...shown.subject }).map(
    ([key, value]) => `${key}=${[value].flat().join('+')}`,
  );
  return parts.length === 0 ? '(empty)' : parts.join(', ');
}

function isoTime(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toISOString();
}

/**
 * Judges the certificate a BMC shows: undefined when it is believed. `authorizationError` is what TLS found wrong with
 * chain, dates and name. A pin needs no CA and no dates: it says "this very certificate".
 */
export function judgeCertificate(
  name: string,
  trust: Trust,
  facts: CertificateFacts | undefined,
  authorizationError: string | undefined,
): BringupError | undefined {
  if (facts === undefined) {
    return redfishError(
      'REDFISH_CERTIFICATE_UNKNOWN',
      `${name} shows no TLS certificate, so it cannot be told from another machine.`,
      'Enable HTTPS with a certificate on the BMC.',
    );
  }
  const isShown = (fingerprint: string): boolean => normalisePin(fingerprint) === facts.sha256;
  if (trust.pin !== undefined) {
    return isShown(trust.pin)
      ? undefined
      : changed(name, trust.pin, facts, 'correct certificate under bmc in the site file');
  }
  if ([...(trust.accept ?? []), ...(trust.known === undefined ? [] : [trust.known])].some(isShown))
    return undefined;
  if (authorizationError === undefined) return undefined;
  if (trust.known !== undefined) return changed(name, trust.known, facts, 'accept it');
  return untrusted(name, trust, facts, authorizationError);
}

function changed(name: string, before: string, facts: CertificateFacts, then: string): BringupError {
  const pin = normalisePin(before);
  return redfishError(
    'REDFISH_CERTIFICATE_CHANGED',
    `The TLS certificate of ${name} is not the known one: expected SHA-256 ${pin}, it shows ${describe(facts)}. Another machine may answer at that address.`,
    `Check the address. If the certificate was renewed, compare the new fingerprint in the BMC's own web page or console, then ${then}: ${facts.sha256}`,
    {
      evidence: [
        { source: 'certificate pinned', text: pin },
        { source: 'certificate shown', text: facts.sha256 },
      ],
    },
  );
}

const EXPIRED = 'CERT_HAS_EXPIRED';
const NOT_YET = 'CERT_NOT_YET_VALID';
const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';

function untrusted(name: string, trust: Trust, facts: CertificateFacts, reason: string): BringupError {
  const evidence = [
    { source: 'certificate shown', text: describe(facts) },
    { source: 'TLS', text: reason },
  ];
  const pin = `or pin it after comparing its fingerprint on the BMC: ${facts.sha256}`;
  if (reason === EXPIRED || reason === NOT_YET) {
    return redfishError(
      'REDFISH_CERTIFICATE_EXPIRED',
      reason === EXPIRED
        ? `The TLS certificate of ${name} expired on ${facts.valid_to}.`
        : `The TLS certificate of ${name} is valid only from ${facts.valid_from} on; a clock may be wrong.`,
      `Give the BMC a new certificate and check its clock and that of this laptop, ${pin}`,
      { evidence },
    );
  }
  if (reason === OTHER_NAME) {
    return redfishError(
      'REDFISH_CERTIFICATE_NAME',
      `The TLS certificate of ${name} is signed by a known CA, but for another name: ${facts.subject}.`,
      `Have the BMC's address put into its certificate, ${pin}`,
      { evidence },
    );
  }
  const signer = trust.ca === undefined ? 'no CA this machine knows' : 'none of the given CA certificates';
  return redfishError(
    'REDFISH_CERTIFICATE_UNKNOWN',
    `First contact with ${name}: ${signer} signed its TLS certificate, and nobody has confirmed it yet: ${describe(facts)}.`,
    `Compare the fingerprint with the one in the BMC's own web page or console (SSL certificate). If it is the same, pin it: ${facts.sha256}`,
    { evidence },
  );
}

function describe(facts: CertificateFacts): string {
  return `SHA-256 ${facts.sha256}, subject ${facts.subject}, valid ${facts.valid_from} to ${facts.valid_to}`;
}
