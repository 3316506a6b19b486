import { describe, expect, it } from 'vitest';
import { changed, marked, problemsOf, SITE, siteOf } from './site-example.ts';

const KEY = `SHA256:${'A'.repeat(43)}`;
const SHA256 = 'cd'.repeat(32);
/** The example with another line in front of its KVM host. */
const before = (line: string) => marked('kvm_host: {', `${line}\nkvm_host: {`);
const service = (line: string) => marked('  dhcp: {mode', `  ${line}\n  dhcp: {mode`);

describe('the bundle of a site', () => {
  it.each([
    [`¦bundle: {path: b.bundle}`, 'SITE_BUNDLE_UNPROVEN Nothing says that the bundle is the right one'],
    [
      `bundle: {path: b.bundle, key: ¦abc}`,
      'SITE_BAD_VALUE bundle\\.key must be a fingerprint as bringup bundle key',
    ],
    [`bundle: {path: b.bundle, sha256: ¦abc}`, 'SITE_BAD_VALUE bundle\\.sha256 must be a SHA-256 checksum'],
    [`bundle: {path: b.bundle, ¦sign: no, key: "${KEY}"}`, 'SITE_UNKNOWN_FIELD'],
    [`¦bundle: {key: "${KEY}"}`, 'SITE_MISSING_FIELD'],
  ])('is named with what proves it: %s', (line, problem) => {
    const { text, at } = before(line);
    expect(problemsOf(text)).toEqual([expect.stringMatching(new RegExp(`^${at} ${problem}`))]);
  });

  it('has to be there, and may have the images and archives that are not', () => {
    const there = (...names: string[]) => ({ files: { exists: (path: string) => names.includes(path) } });
    const { text, at } = before(`bundle: {path: ¦b.bundle, key: "${KEY}"}`);
    expect(problemsOf(text, there('b.bundle'))).toEqual([]);
    expect(problemsOf(text, there())).toEqual([
      `${at} SITE_BUNDLE_MISSING There is no bundle at b.bundle. -> Copy it there, or correct the path; it counts from the folder of the site file.`,
    ]);
    expect(problemsOf(SITE, there('b.bundle'))).toEqual([expect.stringContaining('SITE_BASE_IMAGE_MISSING')]);
    const named = before(`bundle: {path: b.bundle, sha256: "${SHA256}"}`.replace('b.', '¦b.')).text;
    expect(siteOf(named).bundle).toEqual({ path: 'b.bundle', sha256: SHA256 });
    expect(siteOf()).not.toHaveProperty('bundle');
  });
});

describe('repository and logs', () => {
  it('are not wanted where the file leaves them out, and managed where it names them', () => {
    const [none, both] = [
      siteOf(),
      siteOf(changed('  dhcp: {', '  repository: {}\n  logging: {}\n  dhcp: {')),
    ];
    expect([none.services.repository.mode, none.services.logging.mode]).toEqual(['none', 'none']);
    expect([both.services.repository.mode, both.services.logging.mode]).toEqual(['managed', 'managed']);
  });

  it('refuse nfs, which the deployment VM does not serve, by a code of its own', () => {
    const { text, at } = service('repository: {mode: managed, protocols: [http, ¦nfs]}');
    expect(problemsOf(text)).toEqual([
      `${at} SITE_REPOSITORY_PROTOCOL The deployment VM serves no nfs. -> Use http or smb: every BMC that takes nfs takes one of them as well.`,
    ]);
  });

  it.each([
    'repository: {mode: managed, protocols: [http, smb], credential: share, quota_gib: 12.5}',
    'repository: {mode: existing, url: "https://10.20.0.9/"}',
    'logging: {mode: managed, keep_days: 30, limit_gib: 2}',
    'logging: {mode: existing, server: 10.20.0.9, protocol: tls, port: 6514}',
    'logging: {mode: none}',
  ])('may be %s', (line) => {
    expect(problemsOf(changed('  dhcp: {', `  ${line}\n  dhcp: {`))).toEqual([]);
  });

  it.each([
    ['repository: {mode: managed, credential: ¦share}', 'repository.credential has no effect without smb'],
    [
      'repository: {mode: existing, url: "http://x/", quota_gib: ¦5}',
      'repository.quota_gib has no effect while',
    ],
    [
      'repository: {mode: managed, url: ¦"http://x/"}',
      'repository.url has no effect while the mode is managed',
    ],
    ['logging: {mode: none, keep_days: ¦5}', 'logging.keep_days has no effect while the mode is none'],
    ['logging: {mode: managed, protocol: ¦tls}', 'logging.protocol has no effect while the mode is managed'],
    [
      'logging: {mode: managed, server: ¦10.20.0.9}',
      'logging.server has no effect while the mode is managed',
    ],
  ])('say what has no effect: %s', (line, sentence) => {
    const { text, at } = service(line);
    expect(problemsOf(text)).toEqual([expect.stringContaining(`${at} SITE_NO_EFFECT services.${sentence}`)]);
  });

  it.each([
    ['logging: {mode: existing, server: 10.20.0.9, protocol: ¦relp}', 'SITE_BAD_VALUE'],
    ['logging: {mode: existing, server: 10.20.0.9, port: ¦0}', 'SITE_OUT_OF_RANGE'],
    ['logging: {keep_days: ¦0}', 'SITE_OUT_OF_RANGE'],
    ['repository: {quota_gib: ¦0}', 'SITE_OUT_OF_RANGE'],
  ])('keep to their bounds: %s', (line, code) => {
    const { text, at } = service(line);
    expect(problemsOf(text)).toEqual([expect.stringContaining(`${at} ${code}`)]);
  });
});
