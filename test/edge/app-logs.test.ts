import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBringup } from '../../src/bringup.ts';
import { laptopPorts } from './laptop-ports.ts';
import { openLoopbackService, type LoopbackService } from './loopback-service.ts';
import { writeLoopbackSite } from './loopback-site.ts';
import { startSshd } from './remote-sshd.ts';

let loopback: LoopbackService;

beforeEach(() => {
  loopback = openLoopbackService();
});
afterEach(() => loopback.dispose());

/** The site file with these central logs. */
function siteWith(logging: string, port = 1): string {
  const file = writeLoopbackSite(loopback.folder, '', port);
  writeFileSync(file, readFileSync(file, 'utf8').replace('services: {', `services: {logging: ${logging}, `));
  return file;
}

describe('a search of the central logs', () => {
  it('says what to do where the site keeps none, or keeps them elsewhere, and asks nobody', async () => {
    const search = (file: string) => loopback.service.call('logs.search', { file });
    await expect(search(siteWith('{mode: none}'))).rejects.toMatchObject({
      code: 'LOGS_NOT_MANAGED',
      exit: 2,
    });
    const elsewhere = search(siteWith('{mode: existing, server: 127.0.0.9}'));
    await expect(elsewhere).rejects.toMatchObject({ code: 'LOGS_ELSEWHERE', exit: 2 });
    await expect(elsewhere).rejects.toThrow('127.0.0.9');
  });

  it('tells of a KVM host that does not answer as every stage does', async () => {
    const search = loopback.service.call('logs.search', { file: siteWith('{mode: managed}') });
    await expect(search).rejects.toMatchObject({ code: 'SSH_REFUSED', exit: 3 });
  });

  it('knows a site whose deployment VM was not built yet', async () => {
    const sshd = await startSshd();
    try {
      await sshd.allowSudo('ALL=(ALL) NOPASSWD: ALL');
      const file = siteWith('{mode: managed}', sshd.port);
      const hostKey = await sshd.fingerprint();
      const own = `user: ${sshd.user}, host_key: "${hostKey}"`;
      writeFileSync(file, readFileSync(file, 'utf8').replace('user: installer', own));
      const credentials = { 'kvm-host': { privateKey: sshd.privateKey } };
      const service = createBringup(laptopPorts(`${loopback.folder}/other`, credentials));
      const search = service.call('logs.search', { file });
      await expect(search).rejects.toMatchObject({ code: 'LOGS_NO_VM' });
      await service.close();
    } finally {
      await sshd.stop();
    }
  });
});
