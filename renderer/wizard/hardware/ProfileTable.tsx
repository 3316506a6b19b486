import type { Status } from '../../../src/contract/events.ts';
import { StatusWord } from '../../components/Status.tsx';
import { prepareText as text } from '../../text/prepare.ts';
import { hardwareText } from '../../text/hardware.ts';
import { WarnWord } from './WarnWord.tsx';
import type { ProfileRow, ProfileState } from './profile-rows.ts';
import { nameClass } from './long-name.ts';

const STATUS: Record<Exclude<ProfileState, 'tie'>, Status> = {
  matched: 'ok',
  overridden: 'overridden',
  none: 'failed',
  unknown: 'pending',
};

const WORD: Record<ProfileState, string> = {
  matched: text.matched,
  overridden: text.overridden,
  tie: text.tie,
  none: text.noMatch,
  unknown: text.nothingKnown,
};

interface ProfileTableProps {
  readonly open: readonly ProfileRow[];
  readonly done: readonly ProfileRow[];
  /** Model by host name, as far as discovered. */
  readonly models: ReadonlyMap<string, string>;
  readonly selected: string | undefined;
  readonly onSelect: (host: string) => void;
}

/** Sign and word of how a host came to its profile. */
export function ProfileSign({ state }: { readonly state: ProfileState }) {
  if (state === 'tie') return <WarnWord>{WORD.tie}</WarnWord>;
  return (
    <StatusWord quiet status={STATUS[state]}>
      {WORD[state]}
    </StatusWord>
  );
}

/** Hosts with their profiles; those that need a decision stand first. */
export function ProfileTable({ open, done, models, selected, onSelect }: ProfileTableProps) {
  const { profileColumns: head } = text;
  const groups = [
    [text.needsDecision, open],
    [text.matchedGroup, done],
  ] as const;
  return (
    <table className="hw-table profiles">
      <thead>
        <tr>
          {Object.values(head).map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      {groups
        .filter(([, rows]) => rows.length > 0)
        .map(([title, rows]) => (
          <tbody key={title}>
            <tr className="hw-group">
              <th colSpan={6} scope="rowgroup">
                {title} <span>{rows.length}</span>
              </th>
            </tr>
            {rows.map(({ host, match, state }) => (
              <tr key={host.name} className="hw-row" data-selected={host.name === selected}>
                <th scope="row" className={nameClass(host.name)}>
                  <button
                    type="button"
                    aria-pressed={host.name === selected}
                    data-path={`$.hosts[${host.index}].profile`}
                    onClick={() => {
                      onSelect(host.name);
                    }}
                  >
                    {host.name}
                  </button>
                </th>
                <td>{models.get(host.name) ?? hardwareText.none}</td>
                <td>{host.roles.join(', ')}</td>
                <td>
                  <ProfileSign state={state} />
                </td>
                <td>{match.profile === undefined ? hardwareText.none : <Tag name={match.profile} />}</td>
                <td>{rulesOf(match, state)}</td>
              </tr>
            ))}
          </tbody>
        ))}
    </table>
  );
}

/** A profile's name, so that it reads as one. */
export function Tag({ name }: { readonly name: string }) {
  return <span className="tag">{name}</span>;
}

function rulesOf({ rules, near, tied }: ProfileRow['match'], state: ProfileState): string {
  if (state === 'tie') return text.tiedCount(tied?.length ?? 2);
  const [nearest] = near;
  if (state === 'unknown') return hardwareText.none;
  if (state === 'none' && nearest !== undefined) return text.nearestLacks(nearest.lacks.length);
  return text.rulesMet(rules.filter(({ matched }) => matched).length, rules.length);
}
