import { type Draft, enumerate, managerUri, repair, type Seen, span } from './finding.ts';
import { VIRTUAL_MEDIA } from './licensed.ts';

/** Beyond a minute, the BMC's log no longer lines up with the record of the run. */
const CLOCK_WARNING_SECONDS = 60;

/** Beyond five minutes, certificates made on site and Kerberos logins are refused (RFC 4120 takes five as its usual). */
const CLOCK_ERROR_SECONDS = 300;

/** BMCs whose Manager.DateTime cannot be written; their clock follows NTP or the host. */
const CLOCK_READ_ONLY = /\bilo\b/i;

/** The clock against ours at the moment the snapshot was taken. */
export function checkClock({ snapshot, now }: Seen): Draft[] {
  const { clock_offset_seconds: offset, product = '', time } = snapshot.bmc;
  if (offset === undefined || Math.abs(offset) <= CLOCK_WARNING_SECONDS) return [];
  const manager = snapshot.bmc.uri ?? managerUri(snapshot);
  const request =
    manager === undefined || CLOCK_READ_ONLY.test(product)
      ? undefined
      : ({
          method: 'PATCH',
          uri: manager,
          body: { DateTime: now.toISOString().replace(/\.\d+Z$/, '+00:00') },
        } as const);
  return [
    {
      severity: Math.abs(offset) > CLOCK_ERROR_SECONDS ? 'error' : 'warning',
      code: 'bmc.clock_off',
      message: `The clock of the BMC is ${span(offset)} ${offset > 0 ? 'ahead' : 'behind'}.`,
      ...(time === undefined ? {} : { seen: time }),
      wanted: `within ${CLOCK_WARNING_SECONDS} seconds`,
      repair: repair('Set the clock of the BMC, or give it an NTP server.', request),
    },
  ];
}

/** BIOS attributes that wait for a restart: the run would change others and this one would come along unasked. */
export function checkBios({ snapshot }: Seen): Draft[] {
  const changes = Object.entries(snapshot.bios.pending);
  if (changes.length === 0) return [];
  // A graceful restart keeps what runs on the host from being cut off; without an operating system it does nothing.
  const restart =
    snapshot.uri === undefined
      ? undefined
      : ({
          method: 'POST',
          uri: `${snapshot.uri}/Actions/ComputerSystem.Reset`,
          body: { ResetType: snapshot.power_state === 'On' ? 'GracefulRestart' : 'On' },
        } as const);
  const words = changes.map(([name, value]) => `${name} = ${String(value)}`);
  return [
    {
      severity: 'warning',
      code: 'bmc.bios_pending',
      message: `${changes.length === 1 ? 'A BIOS setting waits' : `${changes.length} BIOS settings wait`} for the next restart: ${enumerate(words)}.`,
      seen: words.join(', '),
      wanted: 'none',
      repair: repair('Restart the host so that they apply, or discard them in the BMC.', restart),
    },
  ];
}

/** The licence that virtual media needs, where the BMC lists its licences at all. */
export function checkLicense({ snapshot }: Seen): Draft[] {
  const { licenses, product = '' } = snapshot.bmc;
  const maker = snapshot.manufacturer ?? '';
  const rule =
    VIRTUAL_MEDIA.find(({ applies }) => applies.test(product)) ??
    VIRTUAL_MEDIA.find(({ applies }) => applies.test(maker));
  if (rule === undefined || licenses === undefined) return [];
  const suitable = licenses.filter((license) => rule.allows.test(license.name));
  if (suitable.some((license) => license.state !== 'expired')) return [];
  const expired = suitable[0];
  const seen = licenses.map((license) => license.name).join(', ') || 'none';
  return [
    {
      severity: 'warning',
      code: 'bmc.license_missing',
      message:
        expired === undefined
          ? `The BMC has no licence for virtual media: it needs ${rule.wanted}, it has ${seen}.`
          : `The licence ${expired.name}, which virtual media needs, has expired.`,
      seen,
      wanted: rule.wanted,
      repair: repair(
        `Install the licence ${rule.wanted}, or boot over the network instead of virtual media.`,
      ),
    },
  ];
}

/** With so many sessions on a BMC whose limit is unknown, someone leaves them behind. */
const MANY_SESSIONS = 16;

/** Sessions left before the BMC refuses a login. One of those open is the snapshot's own. */
export function checkSessions({ snapshot }: Seen): Draft[] {
  const { open, limit } = snapshot.bmc.sessions ?? { open: 0 };
  const left = limit === undefined ? undefined : limit - open;
  if (left === undefined ? open < MANY_SESSIONS : left > 2) return [];
  const count = limit === undefined ? `${open} sessions are open` : `${open} of ${limit} sessions are open`;
  return [
    {
      severity: left === undefined ? 'note' : left <= 0 ? 'error' : 'warning',
      code: 'bmc.sessions_full',
      message: `${count} on the BMC; ${left === undefined ? 'how many it takes is not known' : 'further logins are refused when it is full'}.`,
      seen: String(open),
      ...(limit === undefined ? {} : { wanted: `at most ${Math.max(limit - 3, 1)}` }),
      repair: repair('Close sessions that nobody uses, or restart the BMC.'),
    },
  ];
}

/** Enough to order and install a new one before it bites. */
const CERTIFICATE_DAYS = 30;

/** Validity of the BMC's certificate by our clock. */
export function checkCertificate({ snapshot, now }: Seen): Draft[] {
  const certificate = snapshot.bmc.certificate;
  if (certificate === undefined) return [];
  const from = Date.parse(certificate.valid_from);
  const to = Date.parse(certificate.valid_to);
  const left = (to - now.getTime()) / 1000;
  const draft = (severity: Draft['severity'], code: string, message: string, title: string): Draft[] => [
    {
      severity,
      code,
      message,
      seen: `${certificate.valid_from} to ${certificate.valid_to}`,
      repair: repair(title),
    },
  ];
  const renew = 'Install a new certificate on the BMC, or have it make a new self-signed one and pin that.';
  if (left < 0)
    return draft(
      'error',
      'bmc.certificate_expired',
      `The certificate of the BMC expired ${span(left)} ago.`,
      renew,
    );
  if (from > now.getTime())
    return draft(
      'error',
      'bmc.certificate_not_yet_valid',
      `The certificate of the BMC is valid only from ${certificate.valid_from}.`,
      'Check the clock of this computer and of the machine that issued the certificate.',
    );
  if (left < CERTIFICATE_DAYS * 86_400)
    return draft(
      'warning',
      'bmc.certificate_expires_soon',
      `The certificate of the BMC expires in ${span(left)}.`,
      renew,
    );
  return [];
}
