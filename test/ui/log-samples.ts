import type { LogPage, LogQuestion, LogRecord, LogSource } from '../../src/contract/api.ts';

type Row = readonly [
  host: string,
  source: LogSource,
  severity: string,
  program: string,
  text: string,
  facility?: string,
];

const ROWS: readonly Row[] = [
  ['node-2', 'host', 'info', 'systemd', 'Started rke2-agent.service - Rancher Kubernetes Engine v2 (agent).'],
  [
    'node-2',
    'host',
    'err',
    'kernel',
    'nvme1n1: I/O Cmd(0x2) @ LBA 1953525, 8 blocks, I/O Error (sct 0x2 / sc 0x81)',
  ],
  [
    'node-1-bmc',
    'bmc',
    'crit',
    'Severity',
    'Critical, Category: System Health, MessageID: FAN0001, Message: Fan 3 RPM is less than the lower critical threshold.',
    'local0',
  ],
  [
    'deploy',
    'service',
    'info',
    'dnsmasq-dhcp',
    'DHCPACK(eth0) 198.18.20.12 02:00:5e:00:20:12 node-2',
    'daemon',
  ],
  [
    'deploy',
    'bringup',
    'info',
    'bringup-run',
    'TASK [firmware : Wait for the update jobs of wave 2] ***************',
    'local5',
  ],
  [
    'kvm-host',
    'kvm-host',
    'warning',
    'libvirtd',
    'Domain id=3 name=lab-deploy is tainted: host-cpu',
    'daemon',
  ],
  [
    'node-1',
    'host',
    'notice',
    'sudo',
    'bringup : PWD=/home/bringup ; USER=root ; COMMAND=/bin/sh',
    'authpriv',
  ],
  [
    'node-1',
    'host',
    'info',
    'sshd',
    'Accepted publickey for bringup from 198.18.20.10 port 40112 ssh2: ED25519',
    'auth',
  ],
  [
    '198.18.20.77',
    'other',
    'warning',
    'snmpd',
    'Connection from UDP: [198.18.20.200]:53122 refused',
    'daemon',
  ],
];

const START = Date.parse('2026-11-21T02:12:01Z');

/** Message number `n` counted from the newest, which is 0; negative ones came since. Seven seconds lie between two. */
export function logRecord(n: number): LogRecord {
  const [host, source, severity, program, text, facility = 'daemon'] = ROWS[Math.abs(n) % ROWS.length] as Row;
  const at = new Date(START - n * 7000).toISOString();
  const place = 1_000_000 - n * 200;
  return {
    ...{ id: `${host}/2026-11-21/${place}`, at, sent: at, host, source, severity, program, text, facility },
    from: host === '198.18.20.77' ? host : '198.18.20.11',
  };
}

/** A store of so many messages that answers as the deployment VM does; `newest` is raised by a test while it is looked at. */
export function createLogStore(count: number) {
  const store = {
    newest: 0,
    asked: [] as LogQuestion[],
    answer(question: LogQuestion): LogPage {
      store.asked.push(question);
      const { host, text = '', since = '', before, limit = 200 } = question;
      const all = Array.from({ length: count + store.newest }, (_, index) => logRecord(index - store.newest));
      const fit = all.filter(
        (record) =>
          (host === undefined || record.host === host) &&
          record.text.toLowerCase().includes(text.toLowerCase()) &&
          (since === '' || record.at >= since) &&
          (before === undefined || record.at < before[0]),
      );
      const records = fit.slice(0, limit);
      const last = records.at(-1);
      const more = fit.length > records.length;
      return {
        ...{ site: 'lab', records, more },
        senders: ROWS.map(([name, source]) => ({ host: name, source })),
        ...(more && last !== undefined ? { before: [last.at, last.host, 0] as const, back_to: last.at } : {}),
      };
    },
  };
  return store;
}
