import type { Status } from '../../../src/contract/events.ts';
import type { PlanHost } from '../../../src/contract/plan.ts';
import { StatusWord } from '../../components/Status.tsx';
import { hardwareText } from '../../text/hardware.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { CompatSign } from './CompatTable.tsx';
import { Tag } from './ProfileTable.tsx';
import { nameClass } from './long-name.ts';

const MATCH: Record<PlanHost['match'], Status> = {
  matched: 'ok',
  ambiguous: 'overridden',
  none: 'failed',
  unknown: 'pending',
};

/** The hosts of the plan: roles, the profile of each and why, and whether the stack fits. */
export function ReviewHosts({ hosts }: { readonly hosts: readonly PlanHost[] }) {
  const { profileColumns: head } = text;
  if (hosts.length === 0) return <p className="hw-empty">{text.noHosts}</p>;
  return (
    <table className="hw-table plan-hosts">
      <thead>
        <tr>
          {[head.host, head.role, head.match, head.profile, text.compatResult, text.recordedWhy].map(
            (name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {hosts.map((host) => (
          <tr key={host.name} className="hw-row">
            <th scope="row" className={nameClass(host.name)}>
              {host.name}
            </th>
            <td>{host.roles.join(', ')}</td>
            <td>
              <StatusWord quiet status={host.overridden ? 'overridden' : MATCH[host.match]}>
                {host.overridden ? text.overridden : text.profileOf[host.match]}
              </StatusWord>
            </td>
            <td>{host.profile === undefined ? hardwareText.none : <Tag name={host.profile} />}</td>
            <td>
              <CompatSign status={host.compat} />
            </td>
            <td className="plan-why">{host.why}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
