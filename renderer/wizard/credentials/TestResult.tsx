import { Button } from '@patternfly/react-core';
import type { CredentialTarget } from '../../../src/contract/api.ts';
import { FailedIcon, TickIcon, WarningIcon } from '../../components/icons.ts';
import { wizardText as text } from '../../text/wizard.ts';

interface TestResultProps {
  readonly targets: readonly CredentialTarget[];
  /** Where a new value was tried before it was stored: whether it was. */
  readonly kept?: boolean;
  /** The engineer has compared a fingerprint and believes the machine. */
  readonly onAccept: (fingerprint: string) => void;
}

/** How each machine answered: refused is an error, not reached a warning, an unknown fingerprint a question. */
export function TestResult({ targets, kept, onAccept }: TestResultProps) {
  const ok = targets.filter((target) => target.ok).length;
  return (
    <section className="test-result" aria-label={text.testResult}>
      <h3 role="status">
        {kept === undefined ? '' : `${kept ? text.provedAndStored : text.notProved} `}
        {text.letIn(ok, targets.length)}
      </h3>
      <ul>
        {targets.map((target) => {
          const [sign, Sign] = target.ok
            ? (['', TickIcon] as const)
            : target.refused
              ? (['sign-failed', FailedIcon] as const)
              : (['sign-overridden', WarningIcon] as const);
          const { fingerprint } = target;
          return (
            <li key={`${target.target} ${target.address}`}>
              <span className={`sign ${sign}`} aria-hidden="true">
                <Sign />
              </span>
              <div>
                <b>{target.host ?? text.target[target.target]}</b> <code>{target.address}</code>
                <p className={target.ok ? 'quiet' : undefined}>{target.text}</p>
                {target.hint === undefined ? null : <p className="quiet">{target.hint}</p>}
                {fingerprint === undefined ? null : (
                  <>
                    <code className="fingerprint">{fingerprint}</code>
                    <Button
                      variant="secondary"
                      size="sm"
                      onClick={() => {
                        onAccept(fingerprint);
                      }}
                    >
                      {text.acceptFingerprint}
                    </Button>
                  </>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
