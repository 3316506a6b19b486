import type { ReactNode } from 'react';
import type { HardwareFinding } from '../../../src/contract/hardware.ts';
import { StatusWord } from '../../components/Status.tsx';
import { hardwareText as text } from '../../text/hardware.ts';
import { WarnWord } from './WarnWord.tsx';

interface FindingItemProps {
  readonly finding: HardwareFinding;
  /** Buttons that do what the finding asks for. */
  readonly children?: ReactNode;
}

/** One finding: what is wrong, seen against wanted, and the one step that mends it. */
export function FindingItem({ finding, children }: FindingItemProps) {
  const { severity, code, host, message, seen, wanted, repair } = finding;
  return (
    <li className="finding">
      <p className="finding-head">
        {severity === 'warning' ? (
          <WarnWord>{text.severity(severity)}</WarnWord>
        ) : (
          <StatusWord quiet status={severity === 'error' ? 'failed' : 'skipped'}>
            {text.severity(severity)}
          </StatusWord>
        )}
        <code>{code}</code>
      </p>
      <h3>{host === undefined || message.includes(host) ? message : `${host}: ${message}`}</h3>
      {seen === undefined || wanted === undefined ? null : (
        <dl className="finding-values">
          <dt>{text.seen}</dt>
          <dd>{seen}</dd>
          <dt>{text.wanted}</dt>
          <dd>{wanted}</dd>
        </dl>
      )}
      {repair === undefined ? null : (
        <p>
          {repair.title.replace(/\.?$/, '.')}
          {repair.request === undefined ? null : (
            <code className="finding-request">
              {repair.request.method} {repair.request.uri}{' '}
              {repair.request.body === undefined ? '' : JSON.stringify(repair.request.body)}
            </code>
          )}
        </p>
      )}
      {children === undefined ? null : <div className="finding-actions">{children}</div>}
    </li>
  );
}
