import { entriesOf, error, warning, type SiteCheck } from './check.ts';

/** The bundle is there, and something says that it is the right one. */
export const bundleFits: SiteCheck = {
  id: 'bundle-fits',
  *find({ bundle }, { files }) {
    if (bundle === undefined) return;
    if (!('key' in bundle) && !('sha256' in bundle)) {
      const finding = error(
        'SITE_BUNDLE_UNPROVEN',
        ['bundle'],
        'Nothing says that the bundle is the right one: it has neither key nor sha256.',
        'Add key: the fingerprint that the back office gives with it; or sha256 for a bundle that is not signed.',
      );
      yield { ...finding, at: 'key' };
    }
    if (bundle.path === undefined || files === undefined || files.exists(bundle.path)) return;
    yield error(
      'SITE_BUNDLE_MISSING',
      ['bundle', 'path'],
      `There is no bundle at ${bundle.path}.`,
      'Copy it there, or correct the path; it counts from the folder of the site file.',
    );
  },
};

/** What a field of a service needs to have an effect. */
const MODES: Readonly<Record<string, Readonly<Record<string, 'managed' | 'existing'>>>> = {
  repository: { url: 'existing', credential: 'managed', quota_gib: 'managed' },
  logging: {
    ...{ server: 'existing', protocol: 'existing', port: 'existing' },
    ...{ keep_days: 'managed', limit_gib: 'managed' },
  },
};

/** Repository and logs are asked for in ways that the deployment VM has, and nothing is written that has no effect. */
export const repositoryAndLogsFit: SiteCheck = {
  id: 'repository-and-logs-fit',
  *find({ services }) {
    const protocols = [...entriesOf(services?.repository?.protocols)];
    for (const [index, protocol] of protocols) {
      if (protocol !== 'nfs') continue;
      yield error(
        'SITE_REPOSITORY_PROTOCOL',
        ['services', 'repository', 'protocols', index],
        'The deployment VM serves no nfs.',
        'Use http or smb: every BMC that takes nfs takes one of them as well.',
      );
    }
    for (const [name, fields] of Object.entries(MODES)) {
      const given = services?.[name as 'repository' | 'logging'];
      const service: Readonly<Record<string, unknown>> | undefined = given;
      const mode = given?.mode;
      for (const [field, wanted] of Object.entries(fields)) {
        // What is left over of an existing server is told by services-fit.
        if (service?.[field] === undefined || mode === wanted || mode === undefined) continue;
        if (mode === 'managed' && (field === 'url' || field === 'server')) continue;
        yield warning(
          'SITE_NO_EFFECT',
          ['services', name, field],
          `services.${name}.${field} has no effect while the mode is ${mode}.`,
          `Set mode: ${wanted} to use it, or remove it.`,
        );
      }
    }
    const repository = services?.repository;
    if (
      repository?.mode !== 'managed' ||
      repository.credential === undefined ||
      protocols.some(([, protocol]) => protocol === 'smb')
    )
      return;
    yield warning(
      'SITE_NO_EFFECT',
      ['services', 'repository', 'credential'],
      'services.repository.credential has no effect without smb: over HTTP everybody may read.',
      'Add smb to the protocols to use it, or remove it.',
    );
  },
};
