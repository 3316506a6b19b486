import { Button, Checkbox } from '@patternfly/react-core';
import { useState } from 'react';
import { CopyButton } from '../../components/CopyButton.tsx';
import { WarningIcon } from '../../components/icons.ts';
import { hardwareText as text } from '../../text/hardware.ts';
import { PrimaryButton } from '../components/PrimaryButton.tsx';
import type { NewCertificate } from './discovery-rows.ts';

interface CertificatesProps {
  readonly certificates: readonly NewCertificate[];
  /** Pins the fingerprints that were compared and reads their machines. */
  readonly onPin: (chosen: readonly NewCertificate[]) => void;
}

/** First contact with BMCs: each fingerprint is compared by a person and ticked; only those are pinned. */
export function Certificates({ certificates, onPin }: CertificatesProps) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  if (certificates.length === 0) return null;
  const chosen = certificates.filter(({ sha256 }) => ticked.has(sha256));
  return (
    <section className="hw-ask" aria-labelledby="certificates-title">
      <h2 id="certificates-title">
        <WarningIcon /> {text.newCertificates(certificates.length)}
      </h2>
      <p>{text.certificatesBody}</p>
      <ul className="certificates">
        {certificates.map(({ bmc, host, sha256, about }) => {
          const name = host ?? bmc.replace(/^https?:\/\//, '');
          return (
            <li key={bmc}>
              <Checkbox
                id={`compared-${bmc}`}
                label={<b>{name}</b>}
                aria-label={text.compared(name)}
                isChecked={ticked.has(sha256)}
                onChange={(_event, checked) => {
                  const next = new Set(ticked);
                  if (checked) next.add(sha256);
                  else next.delete(sha256);
                  setTicked(next);
                }}
              />
              <code className="fingerprint">{sha256.replace(/(.{4})(?=.)/g, '$1 ')}</code>
              <span className="quiet">{about}</span>
            </li>
          );
        })}
      </ul>
      <div className="finding-actions">
        <PrimaryButton
          rank="question"
          isDisabled={chosen.length === 0}
          onClick={() => {
            onPin(chosen);
          }}
        >
          {text.pin(Math.max(1, chosen.length))}
        </PrimaryButton>
        <Button
          variant="link"
          isInline
          onClick={() => {
            setTicked(new Set(certificates.map(({ sha256 }) => sha256)));
          }}
        >
          {text.comparedAll}
        </Button>
      </div>
    </section>
  );
}

interface HostKeyProps {
  readonly fingerprint: string;
  readonly onAccept: () => void;
}

/** First contact with the KVM host: its SSH host key is compared on its console before anything goes through it. */
export function HostKey({ fingerprint, onAccept }: HostKeyProps) {
  return (
    <section className="hw-ask" aria-labelledby="host-key-title">
      <h2 id="host-key-title">
        <WarningIcon /> {text.hostKeyTitle}
      </h2>
      <p>{text.hostKeyBody}</p>
      <p className="command">
        <code>{text.hostKeyCommand}</code>
        <CopyButton iconOnly variant="plain" value={text.hostKeyCommand} label={text.hostKeyCommand} />
      </p>
      <p>
        <code className="fingerprint">{fingerprint}</code>
      </p>
      <PrimaryButton rank="question" onClick={onAccept}>
        {text.hostKeyAccept}
      </PrimaryButton>
    </section>
  );
}
