import { describe, expect, it } from 'vitest';
import { handshakeError } from '../../src/hardware/redfish/tls-errors.ts';

describe('what OpenSSL says, in words for the phone', () => {
  // Codes as Node makes them of OpenSSL's reasons. No TLS server of today can be made to offer such keys.
  it.each([
    ['ERR_SSL_DH_KEY_TOO_SMALL', 'REDFISH_TLS_OLD', 'short Diffie-Hellman key'],
    ['ERR_SSL_EE_KEY_TOO_SMALL', 'REDFISH_TLS_OLD', 'a key that is too short'],
    ['ERR_SSL_CA_MD_TOO_WEAK', 'REDFISH_TLS_OLD', 'MD5 or SHA-1'],
    ['ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED', 'REDFISH_TLS_OLD', 'legacy renegotiation'],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'REDFISH_TLS', 'No encrypted connection'],
  ])('%s', (code, expected, words) => {
    const error = handshakeError(
      'BMC (https://10.20.1.11)',
      Object.assign(new Error('from OpenSSL'), { code }),
    );
    expect(error).toMatchObject({ code: expected, exit: 3 });
    expect(error.message).toContain(words);
    expect(error.evidence).toEqual([{ source: 'TLS', text: 'from OpenSSL' }]);
  });
});
