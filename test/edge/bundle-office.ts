import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createBringup, type Bringup } from '../../src/bringup.ts';
import type { Credential } from '../../src/contract/ports.ts';
import type { RemoteConnection } from '../../src/remote/index.ts';
import { SITE } from '../unit/site-example.ts';
import { laptopPorts } from './laptop-ports.ts';

export const IMAGE = 'an image '.repeat(1000);
export const CATALOG = '<Manifest/>';
export const DUP = 'dup '.repeat(700_000);

/** SHA-256 in hexadecimal. */
export function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A site file whose base image has this checksum. */
export function siteText(sha256 = hashOf(IMAGE)): string {
  return SITE.replace('ab'.repeat(32), sha256).replace('gpu-dense', 'gpu');
}

/** The code of the error that some work ends with; `done` where it ends well. */
export function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    ({ code }: { code: string }) => code,
  );
}

/** A laptop of the back office with what bundles are made of; credentials are kept in memory. */
export interface BackOffice {
  readonly service: Bringup;
  at(...names: string[]): string;
  /** Writes a file and gives its path. */
  write(name: string, text: string): string;
  close(): Promise<void>;
}

export function openBackOffice(): BackOffice {
  const folder = mkdtempSync(path.join(tmpdir(), 'bringup-bundle-'));
  const at = (...names: string[]): string => path.join(folder, ...names);
  const write = (name: string, text: string): string => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
    return at(name);
  };
  const keys = new Map<string, Credential>();
  const ports = laptopPorts(at('home'));
  const service = createBringup({
    ...ports,
    credentials: {
      ...ports.credentials,
      get: async (name) => keys.get(name) ?? null,
      set: async (name, value) => void keys.set(name, value),
    },
  });
  write('site/images/debian-12.qcow2', IMAGE);
  write('site/site.yaml', siteText());
  write('files/firmware/Catalog.xml', CATALOG);
  write('files/firmware/BIOS_X.EXE', DUP);
  write('downloads/rke2.tar.gz', 'rke2');
  write('downloads/more/images.tar.zst', 'images');
  const entries = ['{path: rke2, from: downloads}', '{path: readme.txt, from: site/site.yaml, kind: file}'];
  write('list.yaml', `files:\n${entries.map((one) => `  - ${one}\n`).join('')}`);
  const close = async (): Promise<void> => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { service, at, write, close };
}

/** A KVM host that has the playbooks and takes every upload: which file, as what, how many bytes of it. */
export function recordingHost(sent: string[]): RemoteConnection {
  const host: Pick<RemoteConnection, 'sudo' | 'upload'> = {
    sudo: async () => ({ code: 0, stdout: '', stderr: '' }),
    upload: async (file, to, { sha256 = '', slice } = {}) => {
      sent.push(`${path.basename(file)} ${path.basename(to)} ${slice?.size ?? 'whole'}`);
      return { status: 'uploaded', sha256, size: 0, sent: 0, resumed_from: 0 };
    },
  };
  return host as RemoteConnection;
}
