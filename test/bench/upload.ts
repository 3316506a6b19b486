import { execa } from 'execa';
import { createHash, randomFillSync } from 'node:crypto';
import { open, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { logIn, startSshd, type TestSshd } from '../edge/remote-sshd.ts';
import { medianRow, secondsOf, type BenchRow } from './row.ts';

const MEBIBYTES = 512;
const ROUNDS = 5;

/** Upload of 512 MiB of random bytes over loopback against scp: interleaved, median of five, each to a fresh file. */
export async function benchUpload(): Promise<BenchRow[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bringup-bench-'));
  const file = path.join(folder, 'random.bin');
  const sshd = await startSshd();
  try {
    const sha256 = await writeRandom(file, MEBIBYTES);
    const seconds = { ours: [] as number[], scp: [] as number[], verified: [] as number[] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const target = path.join(sshd.home, 'upload', 'random.bin');
      await execa('install', ['-d', '-o', sshd.user, path.dirname(target)]);
      const copied = await secondsOf(() => byScp(sshd, file, target));
      seconds.scp.push(copied);
      seconds.verified.push(copied + (await secondsOf(() => hashBySsh(sshd, target))));
      await rm(target);
      seconds.ours.push(await secondsOf(() => byBringup(sshd, file, target, sha256)));
      await rm(path.dirname(target), { recursive: true });
    }
    const size = `${MEBIBYTES} MiB, median of ${ROUNDS}, all with login; ours is verified there by SHA-256`;
    return [
      medianRow('upload against scp', seconds.ours, seconds.scp, `${size}, scp is not`),
      medianRow('upload against scp and sha256sum', seconds.ours, seconds.verified, `${size}, so is theirs`),
    ];
  } finally {
    await sshd.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function byBringup(sshd: TestSshd, file: string, target: string, sha256: string): Promise<void> {
  const connection = await logIn(sshd);
  await connection.upload(file, target, { sha256 });
  connection.close();
}

const TRUST = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap(
  (option) => ['-o', option],
);

async function byScp(sshd: TestSshd, file: string, target: string): Promise<void> {
  const port = ['-P', String(sshd.port)];
  await execa('scp', ['-q', '-i', sshd.keyFile, ...port, ...TRUST, file, `${sshd.user}@127.0.0.1:${target}`]);
}

async function hashBySsh(sshd: TestSshd, target: string): Promise<void> {
  const port = ['-p', String(sshd.port)];
  await execa('ssh', [
    '-i',
    sshd.keyFile,
    ...port,
    ...TRUST,
    `${sshd.user}@127.0.0.1`,
    `sha256sum ${target}`,
  ]);
}

async function writeRandom(file: string, mebibytes: number): Promise<string> {
  const handle = await open(file, 'w');
  const block = Buffer.alloc(2 ** 20);
  const hash = createHash('sha256');
  for (let count = 0; count < mebibytes; count += 1) {
    await handle.write(randomFillSync(block));
    hash.update(block);
  }
  await handle.close();
  return hash.digest('hex');
}
