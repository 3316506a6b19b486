import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBundle } from '../../src/app/bundle-use.ts';
import { loadSite } from '../../src/app/site.ts';
import { createUploadExecutor } from '../../src/app/upload-stage.ts';
import { wantedFiles } from '../../src/app/work.ts';
import type { StageEvent } from '../../src/contract/ports.ts';
import {
  codeOf,
  hashOf,
  IMAGE,
  openBackOffice,
  recordingHost,
  siteText,
  type BackOffice,
} from './bundle-office.ts';
import { laptopPorts } from './laptop-ports.ts';

const APPLIANCE = 'an appliance '.repeat(1000);
const OME = `
parameters:
  ome:
    mode: deploy
    address: 10.20.0.40
    credential: ome
    image: {path: images/ome.qcow2, sha256: ${hashOf(APPLIANCE)}}
`;

/** The example without the profile that only its own folder has. */
const plainSite = (): string => siteText().replace(/ {4}profile.*\n/g, '');

let office: BackOffice;
/** A site file that names the base image and the image of an appliance; both are beside it. */
let siteFile: string;
beforeAll(() => {
  office = openBackOffice();
  siteFile = office.write('site/site.yaml', plainSite() + OME);
  office.write('site/images/ome.qcow2', APPLIANCE);
});
afterAll(() => office.close());

/** Uploads what the site file names; answers how that ended, what was sent, and what was told of the images on the laptop. */
async function upload(file = siteFile) {
  const sent: string[] = [];
  const told: StageEvent[] = [];
  const loaded = await loadSite(file, laptopPorts(office.at('home')).playbooks);
  const { baseImage, stageFiles: files } = wantedFiles(loaded);
  const bundle = useBundle(loaded);
  const signal = new AbortController().signal;
  const executor = createUploadExecutor({
    ...{ baseImage, files, signal, kvmHost: async () => recordingHost(sent) },
    project: async () => ({ path: 'project.tar.gz', sha256: 'ab', size: 1 }),
    ...(bundle === undefined ? {} : { bundle }),
  });
  const stage = { id: 'upload', title: 'Upload', runs_on: 'laptop' as const, after: [], hosts: [] };
  const code = await codeOf(executor.execute(stage, (event) => told.push(event), signal));
  const texts = told.flatMap((event) =>
    event.kind === 'host.result' && event.task.endsWith('-hash') ? [`${event.task} ${event.text}`] : [],
  );
  return { code, sent, texts };
}

describe('the image of an appliance', () => {
  it('goes to the KVM host behind the base image', async () => {
    expect(await upload()).toMatchObject({
      code: 'done',
      sent: ['debian-12.qcow2 debian-12.qcow2 whole', 'ome.qcow2 ome.qcow2 whole'],
    });
  });

  it('comes from the bundle where it is not beside the site file; the bundle has it for the KVM host alone', async () => {
    const made = await office.service.call('bundle.create', {
      ...{ sources: [siteFile], file: office.at('site/plant.bundle'), unsigned: true },
    });
    expect(made.files.map(({ kind, path }) => `${kind} ${path}`)).toContain(
      'base-image base-image/ome.qcow2',
    );
    rmSync(office.at('site/images/ome.qcow2'));
    const proof = `bundle: {path: plant.bundle, sha256: "${hashOf(readFileSync(office.at('site/plant.bundle')))}"}\n`;
    const { code, sent, texts } = await upload(office.write('site/bundled.yaml', plainSite() + OME + proof));
    expect(code).toBe('done');
    expect(sent).toEqual([
      'debian-12.qcow2 debian-12.qcow2 whole',
      `plant.bundle ome.qcow2 ${APPLIANCE.length}`,
    ]);
    expect(texts.at(-1)).toBe(
      'parameters-ome-image-hash ome.qcow2 (from the bundle), SHA-256 as the site file says',
    );
  });

  it('that is missing, or is another one, is found before anything is sent', async () => {
    rmSync(office.at('site/images/ome.qcow2'), { force: true });
    expect(await upload()).toMatchObject({ code: 'STAGE_FILE_MISSING', sent: [] });
    office.write('site/images/ome.qcow2', IMAGE);
    expect(await upload()).toMatchObject({ code: 'STAGE_FILE_CHECKSUM', sent: [] });
  });

  it('has to be named where an appliance is to be deployed, and is not asked for where one is taken over', async () => {
    const without = OME.replace(/ {4}image: .*\n/, '');
    const validate = async (text: string) => {
      const result = await office.service.call('site.validate', {
        file: office.write('site/other.yaml', plainSite() + text),
      });
      return result.problems.map(({ message }) => message);
    };
    expect(await validate(without)).toEqual([
      expect.stringMatching(/^parameters\.ome must have required property 'image'/),
    ]);
    expect(await validate(without.replace('deploy', 'existing'))).toEqual([]);
    expect(await validate(OME.replace('10.20.0.40', 'ome.plant7.example'))).toEqual([
      expect.stringContaining('parameters.ome.address must be an IPv4 address'),
    ]);
  });
});
