import { SearchInput } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { StatusWord } from '../../components/Status.tsx';
import { prepareText as text } from '../../text/prepare.ts';
import { automaticEdits, overrideEdits, profileRows, type ProfileRow } from '../hardware/profile-rows.ts';
import { ProfilePane } from '../hardware/ProfilePane.tsx';
import { ProfileTable } from '../hardware/ProfileTable.tsx';
import { siteHosts } from '../hardware/site-view.ts';
import { StepFrame } from '../hardware/StepFrame.tsx';
import { useDiscovery } from '../hardware/use-discovery.ts';
import { useHeld } from '../hardware/use-held.ts';
import { Waiting } from '../hardware/Waiting.tsx';
import { parsePath } from '../model/paths.ts';
import type { StepProps } from '../types.ts';

/** A profile per host with why, near misses, and the engineer's decisions with their reasons. */
export function ProfilesStep({ client, model, focus, go }: StepProps) {
  const { result, progress, start } = useDiscovery({ client, model });
  const load = useCallback(() => client.call('hardware.match', { file: model.file }), [client, model.file]);
  const { value, error } = useHeld(load, model, result);
  const hosts = useMemo(() => siteHosts(model.document), [model.document]);
  const asked = hosts.find(({ index }) => index === parsePath(focus ?? '$')[1])?.name;
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [wanted, setWanted] = useState('');
  if (value === undefined) return <Waiting error={error} words={text.waits} {...{ model, go }} />;
  const { open, done } = profileRows(hosts, value.hosts);
  const fits = ({ host, match }: ProfileRow): boolean =>
    [host.name, ...host.roles, match.profile ?? ''].join(' ').toLowerCase().includes(wanted.toLowerCase());
  const all = [...open, ...done];
  const selected = all.find(({ host }) => host.name === (chosen ?? asked)) ?? all[0];
  const snapshots = new Map(result?.machines.map(({ host, snapshot }) => [host, snapshot]));
  const models = new Map(hosts.map(({ name }) => [name, snapshots.get(name)?.model ?? '–']));
  const [openHere, doneHere] = [open.filter(fits), done.filter(fits)];
  return (
    <StepFrame
      verdict={
        <StatusWord status={open.length > 0 ? 'failed' : 'ok'}>
          {open.length > 0 ? text.profilesOpen(open.length, all.length) : text.profilesAll(all.length)}
        </StatusWord>
      }
      actions={
        <SearchInput
          aria-label={text.filterHosts}
          placeholder={text.filterHosts}
          value={wanted}
          onChange={(_event, typed) => {
            setWanted(typed);
          }}
          onClear={() => {
            setWanted('');
          }}
        />
      }
      paneLabel={selected?.host.name ?? text.profile}
      pane={
        selected === undefined ? (
          <p className="quiet">{text.selectHost}</p>
        ) : (
          <ProfilePane
            key={selected.host.name}
            row={selected}
            snapshot={snapshots.get(selected.host.name)}
            profiles={value.profiles}
            running={progress !== undefined}
            onOverride={(profile, reason) => model.edit(overrideEdits(selected.host.index, profile, reason))}
            onAutomatic={() => model.edit(automaticEdits(selected.host))}
            onDiscover={() => {
              start({ hosts: [selected.host.name] });
            }}
          />
        )
      }
    >
      {openHere.length + doneHere.length === 0 ? <p className="hw-empty">{text.noneFiltered}</p> : null}
      <ProfileTable
        open={openHere}
        done={doneHere}
        models={models}
        selected={selected?.host.name}
        onSelect={setChosen}
      />
    </StepFrame>
  );
}
