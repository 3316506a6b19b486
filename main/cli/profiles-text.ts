import { pc } from './colors.ts';
import type {
  CheckedFirmware,
  ProfileDocument,
  ProfilesChecked,
  ProfileSummary,
} from '../../src/contract/profile-check.ts';
import { paragraph } from './paragraph.ts';
import { problemCounts, problemLines } from './problems-text.ts';

/** Hosts named in one line. */
const HOSTS_SHOWN = 6;

/** The profiles, those of the site first marked, with the hosts that have them. */
export function profileListText(profiles: readonly ProfileSummary[], width: number): string {
  return profiles
    .map((profile) => {
      const { name, version, title, origin, hosts, file } = profile;
      const own = origin === 'site' ? pc.cyan('  of this site') : '';
      const lines = [
        `${pc.bold(name)} ${version}  ${title}${own}`,
        ...(hosts === undefined ? [] : [hosts.length === 0 ? pc.dim('no host') : named(hosts)]),
        ...(origin === 'site' ? [pc.dim(file)] : []),
      ];
      return paragraph(' ', lines, width);
    })
    .join('\n');
}

/** One profile: its hashes and templates, then its file. */
export function profileText(
  { name, version, title, file, hash, kinds, text }: ProfileDocument,
  width: number,
): string {
  const lines = kinds.map(({ manufacturer, model, hosts, hash: own, template, bios_attributes: bios }) =>
    paragraph(
      ' ',
      [
        `${[manufacturer, model].filter(Boolean).join(' ')}: ${named(hosts)}`,
        `${Object.keys(bios).length} BIOS attributes, hash ${own}`,
        `template ${pc.bold(template)}`,
      ],
      width,
    ),
  );
  const head = `${pc.bold(name)} ${version}  ${title}\n${pc.dim(file)}`;
  const hashes = lines.length > 0 ? lines : [pc.dim(`hash without BIOS attributes ${hash}`)];
  return [head, ...hashes, '', text.trimEnd()].join('\n');
}

/** Everything that a check of profiles found, and what it could not look at. */
export function profilesCheckedText(result: ProfilesChecked, file: string, width: number): string {
  const { problems, registries, catalog, firmware, unchecked } = result;
  const against = [
    ...registries.map(
      ({ title, from, attributes, profiles }) =>
        `BIOS of ${title}, ${attributes} attributes, from ${from}: ${profiles.join(', ') || 'no profile'}`,
    ),
    ...(catalog === undefined
      ? []
      : [
          `firmware catalogue ${catalog.file}, ${catalog.version ?? 'without a version'}, ${catalog.packages} packages`,
        ]),
  ];
  return [
    ...problemLines(problems, width),
    ...against.map((line) => paragraph(pc.dim('checked'), [line], width)),
    ...firmware.map((line) => paragraph(pc.dim('       '), [firmwareLine(line)], width)),
    ...unchecked.map((line) => paragraph(pc.yellow('not    '), [line], width)),
    '',
    problems.length === 0 ? `${pc.green('✔')} ${file}: no problem found` : problemCounts(problems),
  ].join('\n');
}

const FIRMWARE: Readonly<Record<CheckedFirmware['status'], string>> = {
  same: 'is in the catalogue',
  newer: 'the catalogue has a newer one',
  older: 'the catalogue has only an older one',
  missing: 'the catalogue has none',
  'no-model': 'the catalogue does not know the model',
  installed: 'every machine has it already',
  unknown: 'could not be compared',
};

function firmwareLine({ profile, item, model, wanted, found, status }: CheckedFirmware): string {
  const of = model === undefined ? '' : ` of ${model}`;
  const has = found === undefined ? '' : ` (${found})`;
  return `${profile}: ${item}${of} ${wanted} or later: ${FIRMWARE[status]}${has}`;
}

function named(hosts: readonly string[]): string {
  const more = hosts.length - HOSTS_SHOWN;
  return more > 0 ? `${hosts.slice(0, HOSTS_SHOWN).join(', ')} and ${more} more` : hosts.join(', ');
}
