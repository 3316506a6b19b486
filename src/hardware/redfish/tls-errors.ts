import type { BringupError } from '../../contract/errors.ts';
import { codeOf, linkError, redfishError } from './errors.ts';

const OLD = 'Update the firmware of the BMC and enable TLS 1.2 in its web server settings.';

/** OpenSSL's reasons, what they mean at a BMC, and what helps. */
const REASONS: readonly (readonly [RegExp, string, string])[] = [
  [
    /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE/,
    'offers only TLS versions that are no longer safe (1.1 or older)',
    OLD,
  ],
  [
    /DH_KEY_TOO_SMALL|BAD_DH_VALUE|DH_KEY/,
    'offers only a key exchange that is too weak (short Diffie-Hellman key)',
    OLD,
  ],
  [
    /EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL|KEY_TOO_SMALL|MODULUS_TOO/,
    'has a certificate with a key that is too short to be safe',
    'Generate a new certificate of 2048 bits or more on the BMC; update its firmware if it cannot.',
  ],
  [
    /MD_TOO_WEAK|DIGEST_ALGORITHM|WRONG_SIGNATURE_TYPE|LEGACY_SIGALG|NO_SUITABLE_SIGNATURE|UNSUPPORTED_ALGORITHM/,
    'has a certificate signed in a way that is no longer safe (MD5 or SHA-1)',
    'Generate a new certificate on the BMC; update its firmware if it cannot.',
  ],
  [/UNSAFE_LEGACY_RENEGOTIATION/, 'needs an unsafe form of TLS (legacy renegotiation)', OLD],
  [
    /HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHERS_AVAILABLE|INSUFFICIENT_SECURITY|UNKNOWN_CIPHER/,
    'shares no safe cipher with this machine',
    OLD,
  ],
];

/** Turns what a TLS handshake threw into its sentence: REDFISH_TLS_OLD, REDFISH_NOT_REDFISH, or an error of the link. */
export function handshakeError(name: string, thrown: unknown): BringupError {
  const code = codeOf(thrown);
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const details = { evidence: [{ source: 'TLS', text }], cause: thrown };
  const known = REASONS.find(([pattern]) => pattern.test(code));
  if (known !== undefined) {
    return redfishError('REDFISH_TLS_OLD', `${name} ${known[1]}.`, known[2], details);
  }
  if (
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|UNEXPECTED_MESSAGE|BAD_RECORD|UNKNOWN_PROTOCOL/.test(
      code,
    )
  ) {
    return redfishError(
      'REDFISH_NOT_REDFISH',
      `${name} does not speak TLS on that port.`,
      'Check the address and the port: BMCs answer on 443. If it is a BMC, enable HTTPS on it.',
      details,
    );
  }
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return redfishError(
      'REDFISH_CLOSED',
      `${name} closed the connection during the TLS handshake.`,
      'It may be overloaded or restarting, or allow no more connections: wait two minutes and try again; otherwise reset the BMC.',
      details,
    );
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return redfishError(
      'REDFISH_TLS',
      `No encrypted connection with ${name} comes about: ${text}.`,
      'Update the firmware of the BMC and check the TLS settings of its web server.',
      details,
    );
  }
  return linkError(name, thrown);
}
