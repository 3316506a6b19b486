import type { CompatCheck, HostCompat } from '../../../src/contract/profile.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { CompatSign } from './CompatTable.tsx';

const RANK = { fail: 0, warn: 1, pass: 2 } as const;

/** Every requirement of one host, what did not pass first: what is wanted, what was seen, and why it is needed. */
export function CompatPane({ host }: { readonly host: HostCompat | undefined }) {
  if (host === undefined) return <p className="quiet">{text.selectCompat}</p>;
  const checks = [...host.checks].sort((a, b) => RANK[a.status] - RANK[b.status]);
  return (
    <>
      <header className="hw-pane-head">
        <h2>{host.host}</h2>
      </header>
      <p className="hw-pane-state">
        <CompatSign status={host.status} />
      </p>
      <p>{host.reason}</p>
      <ul className="findings">
        {checks.map((check) => (
          <Requirement key={`${check.application} ${check.field} ${check.wanted}`} check={check} />
        ))}
      </ul>
    </>
  );
}

function Requirement({ check }: { readonly check: CompatCheck }) {
  const { application, status, field, wanted, seen, why } = check;
  return (
    <li className="finding">
      <p className="finding-head">
        <CompatSign status={status} />
        <code>{application}</code>
      </p>
      <h3>{text.needs(field, wanted)}</h3>
      <dl className="finding-values">
        <dt>{text.seen}</dt>
        <dd>{seen}</dd>
      </dl>
      {why === undefined ? null : <p className="quiet">{why}</p>}
    </li>
  );
}
