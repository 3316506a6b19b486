import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isWhole, lookText } from '../../main/cli/bundle-text.ts';
import type { BundleLook, BundleNeed, BundleSeen } from '../../src/contract/bundle.ts';
import { besideFile } from '../../renderer/wizard/hardware/beside-file.ts';

const IMAGE: BundleNeed = {
  path: '$.deployment_vm.base_image',
  name: 'images/debian-12.qcow2',
  stage: 'upload',
  state: 'beside',
};
const RKE2: BundleNeed = {
  path: '$.parameters.rke2.artifacts',
  name: 'rke2/v1',
  stage: 'rke2',
  state: 'missing',
  lacking: ['install.sh'],
};
const BUNDLE: BundleSeen = {
  ...{ file: '/site/b.bundle', bytes: 3 * 2 ** 20, made: 'other', problems: [] },
  signature: { status: 'good', fingerprint: 'SHA256:abc' },
  holds: [{ kind: 'rke2', files: 1, bytes: 2 ** 20, names: ['rke2/v1/'], left_out: 2 }],
};

/** The lines without their colours. */
function told(look: BundleLook): string {
  return stripVTControlCharacters(lookText(look).join('\n'));
}

describe('bundle show', () => {
  it('says whose the bundle is, what it holds, and what it lacks', () => {
    const text = told({ bundle: BUNDLE, needs: [IMAGE, RKE2] });
    expect(text).toContain('Signed with the key of the site file. Made by another version of Bringup');
    expect(text).toContain('RKE2: 1 file, 1.0 MiB (rke2/v1/ and 2 more)');
    expect(text).toContain(
      '✔ images/debian-12.qcow2  beside the site file (deployment_vm.base_image, stage upload)',
    );
    expect(text).toContain(
      '✖ rke2/v1  in the bundle, without install.sh (parameters.rke2.artifacts, stage rke2)',
    );
  });

  it('ends well where nothing is wrong and nothing missing, and not otherwise', () => {
    const problem = { code: 'BUNDLE_KEY', message: 'Another key.', hint: 'Ask.', place: 'signature.json' };
    expect(isWhole({ bundle: BUNDLE, needs: [IMAGE] })).toBe(true);
    expect(isWhole({ needs: [IMAGE] })).toBe(true);
    expect(isWhole({ bundle: BUNDLE, needs: [RKE2] })).toBe(false);
    expect(isWhole({ bundle: { ...BUNDLE, problems: [problem] }, needs: [] })).toBe(false);
    expect(isWhole({ unreadable: problem, needs: [] })).toBe(false);
    expect(told({ unreadable: problem, needs: [] })).toMatch(/Another key.*BUNDLE_KEY\n.*Ask\./);
  });
});

it('a chosen bundle is named from the folder of the site file where it lies in there', () => {
  expect(besideFile('/home/me/site/site.yaml', '/home/me/site/in/b.bundle')).toBe('in/b.bundle');
  expect(besideFile('/home/me/site/site.yaml', '/home/me/site-2/b.bundle')).toBe('/home/me/site-2/b.bundle');
  expect(besideFile('C:\\site\\site.yaml', 'C:\\site\\in\\b.bundle')).toBe('in/b.bundle');
  expect(besideFile('C:\\site\\site.yaml', 'E:\\b.bundle')).toBe('E:\\b.bundle');
});
