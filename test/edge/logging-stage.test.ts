import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLogDesk, type LogDesk } from './log-desk.ts';
import { PLAYBOOKS } from './playbooks-ansible.ts';
import { causeOf } from './service-cause.ts';
import { ADDRESS, createServiceSite, type ServiceSite } from './service-site.ts';

const STORE = '/var/log/bringup';
let site: ServiceSite;
let desk: LogDesk | undefined;

interface LogRecord {
  readonly at: string;
  readonly host: string;
  readonly from: string;
  readonly facility: string;
  readonly severity: string;
  readonly program: string;
  readonly text: string;
}

/** What the app asks with: the command, one JSON document a line. */
async function search(...options: string[]): Promise<LogRecord[]> {
  const printed = await site.vm.must('python3', `${PLAYBOOKS}/library/bringup_log_search.py`, ...options);
  const lines = printed.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as LogRecord);
}

/** The newest message with a text, once it is there. */
async function find(text: string, ...options: string[]): Promise<LogRecord | undefined> {
  await expect.poll(() => search('--text', text, ...options)).not.toEqual([]);
  return (await search('--text', text, ...options)).at(-1);
}

/** What the acceptance test of the stage says about a message. */
const accept = (text: string, changes: Record<string, unknown> = {}) =>
  site.vm.module('bringup_log_search', { text, wait: 40, ...changes });

/** One message of RFC 5424 over TLS, as any machine of the site can send it. */
async function sendTls(message: string): Promise<void> {
  await site.vm.must('cp', '/etc/bringup/pki/ca.crt', `${site.folder}/ca.crt`);
  const verify = `-verify_return_error -verify_ip ${ADDRESS.vm} -CAfile ${site.folder}/ca.crt`;
  const client = `timeout 20 openssl s_client -quiet -no_ign_eof -connect ${ADDRESS.vm}:6514 ${verify}`;
  await site.node.must('sh', '-c', `(printf '%s\\n' '${message}'; sleep 1) | ${client} 2>/dev/null`);
}

beforeAll(async () => {
  site = await createServiceSite();
  const first = await site.play('logging.yml');
  expect(first, first.output).toMatchObject({ code: 0, failed: [] });
  // A KVM host with the rsyslog of its distribution; the target server has a journal alone.
  await site.kvm.must('sed', '-i', '/imklog/d', '/etc/rsyslog.conf');
  await site.kvm.must('systemctl', 'enable', '--now', 'rsyslog.service');
  const kvm = await site.play('logging-kvm-host.yml');
  expect(kvm, kvm.output).toMatchObject({ code: 0, failed: [] });
});

afterAll(async () => {
  await desk?.close();
  await site.remove();
});

describe('the central logs', () => {
  it('hold a message of each source with its host and time', async () => {
    const ways = { [ADDRESS.node]: 'node-1', [ADDRESS.kvm]: 'kvm-host' };
    for (const [from, host] of Object.entries(ways)) {
      const [found] = await search('--host', host, '--text', 'bringup-proof-r1-1', '--program', 'bringup');
      expect(found, host).toMatchObject({ host, from, text: `bringup-proof-r1-1-${host}` });
      expect(Math.abs(Date.parse(found?.at ?? '') - Date.now())).toBeLessThan(300_000);
    }
    expect(await search('--text', 'bringup-proof-r1-1-vm', '--host', 'deploy')).not.toEqual([]);
  });

  it('take plain UDP from BMCs alone', async () => {
    const words = ['logger', '--rfc3164', '--udp', '--server', ADDRESS.vm, 'plain from a stranger'];
    await site.node.must(...words);
    const bmc = { text: 'fan 3 failed', source: ADDRESS.bmc, udp: ADDRESS.vm };
    await site.node.module('bringup_log_send', bmc);
    const found = await find('fan 3 failed');
    expect(found).toMatchObject({ host: 'node-1-bmc', from: ADDRESS.bmc });
    expect(found).toMatchObject({ program: 'bringup', facility: 'local0', severity: 'notice' });
    expect(await search('--text', 'plain from a stranger')).toEqual([]);
  });

  it('believe the address, not the name that a message claims', async () => {
    await sendTls('<13>1 - ../../evil app - - - forged name');
    expect(await find('forged name')).toMatchObject({ host: 'node-1', from: ADDRESS.node });
  });

  it('say when the clock of a sender is off', async () => {
    const hour = new Date(Date.now() + 3_600_000).toISOString();
    await sendTls(`<13>1 ${hour} node app - - - from the future`);
    const found = await accept('from the future');
    expect(found).toMatchObject({ failed: true, code: 'LOG_CLOCK' });
    expect(causeOf(found)).toBe('logging.clock');
  });

  it('hold what Ansible printed in each stage', async () => {
    const stage = '/var/lib/bringup/runs/r9/ome/1/artifacts/ome';
    await site.vm.must('sh', '-c', `mkdir -p ${stage}; echo 'TASK [Ask OME]' >${stage}/stdout`);
    expect(await find('TASK [Ask OME]', '--program', 'bringup-run')).toMatchObject({ host: 'deploy' });
  });

  it('get what was logged while the server was away', async () => {
    await site.vm.must('systemctl', 'stop', 'rsyslog.service');
    await site.node.must('logger', 'logged meanwhile');
    await site.vm.must('systemctl', 'start', 'rsyslog.service');
    expect(await find('logged meanwhile')).toMatchObject({ host: 'node-1', from: ADDRESS.node });
  });

  it('are searched by time, text and number, and a bad question is told', async () => {
    const all = await search('--host', 'node-1');
    const [last] = await search('--host', 'node-1', '--limit', '1');
    expect(last).toEqual(all.at(-1));
    expect(await search('--host', 'node-1', '--until', '2020-01-01T00:00:00Z')).toEqual([]);
    for (const words of [
      ['--since', 'yesterday'],
      ['--host', '../../etc'],
    ]) {
      const refused = await site.vm.run('python3', `${PLAYBOOKS}/library/bringup_log_search.py`, ...words);
      expect(refused).toMatchObject({ code: 2 });
      expect(refused.stderr).toMatch(/^LOG_QUESTION: /);
    }
  });

  it('are read from the laptop by way of the KVM host, page by page, and until it is called off', async () => {
    desk = await openLogDesk(site);
    const { search: ask, service, file } = desk;
    const first = await ask({ text: 'bringup-proof-r1-1', limit: 2 });
    expect(first).toMatchObject({ more: true, back_to: first.records[1]?.at });
    const rest = await ask({ text: 'bringup-proof-r1-1', ...(first.before && { before: first.before }) });
    const found = [...first.records, ...rest.records];
    expect(rest.more).toBe(false);
    expect(found.map(({ at }) => Date.parse(at))).toEqual(
      found.map(({ at }) => Date.parse(at)).sort((left, right) => right - left),
    );
    expect(new Set(found.map(({ host, source }) => `${host} ${source}`))).toEqual(
      new Set(['node-1 host', 'kvm-host kvm-host', 'deploy service']),
    );
    expect((await ask({ source: 'bmc' })).records).toMatchObject([
      { host: 'node-1-bmc', text: 'fan 3 failed' },
    ]);
    expect((await ask({ source: 'bringup' })).records[0]).toMatchObject({ host: 'deploy', severity: 'info' });
    expect((await ask({ severity: 'warning', text: 'fan 3 failed' })).records).toEqual([]);
    const name = 'page';
    const slow = service.call('logs.search', { file, name });
    await expect.poll(() => service.call('logs.cancel', { name })).toEqual({ cancelled: true });
    await expect(slow).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(ask({ since: 'yesterday' })).rejects.toMatchObject({ code: 'LOGS_QUESTION', exit: 2 });
    await site.vm.must('mv', STORE, `${STORE}.away`);
    await expect(ask({})).rejects.toMatchObject({ code: 'LOGS_NO_STORE' });
    await site.vm.must('mv', `${STORE}.away`, STORE);
  });

  it('stay within their days and their size, and today is never touched', async () => {
    const script = `python3 -B /usr/local/lib/bringup-log-keep.py || exit
      mkdir -p ${STORE}/old; cd ${STORE}/old
      today=$(date +%F); day() { date -d "$1 days ago" +%F; }
      for day in 200 3 2; do head -c 300000 /dev/zero >$(day $day).log; done; head -c 300000 /dev/zero >$today.log
      echo '{"store": "${STORE}", "keep_days": 90, "limit_gib": 0.0007}' >/run/keep.json
      python3 -B /usr/local/lib/bringup-log-keep.py /run/keep.json >/dev/null
      for day in 200 3 2 0; do [ -e $(day $day).log ] && echo $day; done; rm -r ${STORE}/old`;
    expect((await site.vm.must('bash', '-c', script)).split('\n')).toEqual(['2', '0', '']);
  });

  it('miss a machine that no longer sends, and say so', async () => {
    await site.node.must('systemctl', 'stop', 'bringup-log-forward.service');
    await site.node.must('logger', 'into the void');
    const found = await accept('into the void', { host: 'node-1', wait: 1 });
    expect(found).toMatchObject({ failed: true, code: 'LOG_MISSING' });
    expect(causeOf(found)).toBe('logging.message_missing');
    // A second run, which changes nothing else.
    const mended = await site.play('logging.yml');
    const changed = ["logging : Send this machine's logs to the log server"];
    expect(mended, mended.output).toMatchObject({ code: 0, failed: [], changed });
  });

  it('leave a KVM host alone that sends already', async () => {
    const again = await site.play('logging-kvm-host.yml');
    expect(again, again.output).toMatchObject({ code: 0, changed: [], failed: [] });
  });
});

describe('an existing log server', () => {
  it('gets what the deployment VM and the target servers log', async () => {
    const program = `import socketserver
class Keep(socketserver.StreamRequestHandler):
    def handle(self):
        for line in iter(lambda: self.request.recv(4096), b""):
            open("/run/got", "ab").write(line)
socketserver.ThreadingTCPServer(("", 5514), Keep).serve_forever()`;
    await site.kvm.must('sh', '-c', `python3 -c '${program}' >/dev/null 2>&1 &`);
    const logging = { mode: 'existing', server: ADDRESS.kvm, protocol: 'tcp', port: 5514 };
    const moved = await site.play('logging.yml', { bringup_services: { logging } });
    expect(moved, moved.output).toMatchObject({ code: 0, failed: [] });
    await site.vm.must('logger', 'from the deployment VM');
    await site.node.must('logger', 'from the target server');
    for (const text of ['from the deployment VM', 'from the target server']) {
      const got = () => site.kvm.run('grep', '-aE', `[0-9]+ <[0-9]+>1 .* ${text}`, '/run/got');
      await expect.poll(got).toMatchObject({ code: 0 });
    }
  });
});

describe('a machine that has neither rsyslog nor a journal', () => {
  it('is left alone, and the result says so', async () => {
    await site.node.must('mv', '/run/systemd/system', '/run/systemd/elsewhere');
    const server = { address: ADDRESS.vm, port: 6514, protocol: 'tls', name: 'logging.services.example' };
    const left = await site.node.module('bringup_log_forward', {
      server,
      ca: 'x',
      forwarder: 'x',
      unit: 'x',
    });
    expect(left).toMatchObject({ changed: false, way: 'none' });
    expect(left.msg).toContain('its logs are not collected');
  });
});
