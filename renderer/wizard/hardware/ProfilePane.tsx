import { Button } from '@patternfly/react-core';
import type { HardwareSnapshot } from '../../../src/contract/hardware.ts';
import type { NearMiss, RuleResult } from '../../../src/contract/profile.ts';
import { FailedIcon, TickIcon } from '../../components/icons.ts';
import { prepareText as text } from '../../text/prepare.ts';
import { OverrideForm } from './OverrideForm.tsx';
import type { ProfileRow } from './profile-rows.ts';
import { ProfileSign, Tag } from './ProfileTable.tsx';

interface ProfilePaneProps {
  readonly row: ProfileRow;
  readonly snapshot: HardwareSnapshot | undefined;
  readonly profiles: readonly string[];
  readonly running: boolean;
  readonly onOverride: (profile: string, reason: string) => Promise<void>;
  readonly onAutomatic: () => Promise<void>;
  readonly onDiscover: () => void;
}

/** Why a host has its profile: rule by rule with the value seen, then what nearly fitted and exactly what it lacks. */
export function ProfilePane(props: ProfilePaneProps) {
  const { row, snapshot, profiles, running, onOverride, onAutomatic, onDiscover } = props;
  const { host, match, state } = row;
  const named = match.profile ?? match.tied?.[0];
  const serial = snapshot?.serial ?? host.serial;
  return (
    <>
      <header className="hw-pane-head">
        <h2>{host.name}</h2>
        <span className="quiet">
          {[snapshot?.model, serial === undefined ? undefined : text.serial(serial)]
            .filter(Boolean)
            .join(', ')}
        </span>
      </header>
      <p className="hw-pane-state">
        <ProfileSign state={state} />
        {match.profile === undefined ? null : <Tag name={match.profile} />}
      </p>
      <p>{match.reason}</p>
      {match.override?.reason === undefined ? null : (
        <p>
          <b>{text.recordedReason}:</b> {match.override.reason}
        </p>
      )}
      <OverrideForm
        key={`${host.name} ${host.profile} ${state}`}
        row={row}
        profiles={profiles}
        onOverride={onOverride}
        onAutomatic={onAutomatic}
      >
        <Button variant="link" isInline isDisabled={running || host.bmc === undefined} onClick={onDiscover}>
          {text.discoverAgain(host.name)}
        </Button>
      </OverrideForm>
      {named === undefined || match.rules.length === 0 ? null : (
        <Rules title={text.whyTitle(named)} rules={match.rules} />
      )}
      {match.near.map((near) => (
        <Near key={near.profile} near={near} />
      ))}
    </>
  );
}

function Near({ near }: { readonly near: NearMiss }) {
  const { profile, lacks, matched, total, reason } = near;
  return (
    <section className="near">
      <h3>
        {lacks.length === 0 ? text.wouldFit(profile) : text.lacksTitle(profile)}
        <span className="quiet">{text.nearMeta(matched, total)}</span>
      </h3>
      {lacks.length === 0 ? <p>{reason}</p> : <Rules rules={lacks} />}
    </section>
  );
}

function Rules({ title, rules }: { readonly title?: string; readonly rules: readonly RuleResult[] }) {
  const { ruleColumns: head } = text;
  return (
    <table className="hw-table rules">
      {title === undefined ? null : <caption>{title}</caption>}
      <thead>
        <tr>
          <th scope="col">{head.rule}</th>
          <th scope="col">{head.wanted}</th>
          <th scope="col">{head.seen}</th>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ field, matched, wanted, seen }) => (
          <tr key={`${field} ${wanted}`} className={matched ? undefined : 'offends'}>
            <th scope="row">{field}</th>
            <td>{wanted}</td>
            <td>
              <span className={`rule-seen sign-${matched ? 'ok' : 'failed'}`}>
                <span className="sign" role="img" aria-label={matched ? text.met : text.notMet}>
                  {matched ? <TickIcon /> : <FailedIcon />}
                </span>
                <span>{seen}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
