import { Button } from '@patternfly/react-core';
import type { Status } from '../../../src/contract/events.ts';
import type { BundleLook, BundleNeed, BundleSeen } from '../../../src/contract/bundle.ts';
import { StatusWord } from '../../components/Status.tsx';
import { bytes } from '../../format.ts';
import { bundleText as text } from '../../text/bundle.ts';
import '../../styles/bundle.css';
import { Facts } from './Facts.tsx';
import { WarnWord } from './WarnWord.tsx';

interface BundleViewProps {
  readonly look: BundleLook;
  /** The engineer has compared this fingerprint. */
  readonly onKey: (fingerprint: string) => void;
}

/** What a bundle is and holds, what is wrong with it, and what the stages want that only files bring. */
export function BundleView({ look, onKey }: BundleViewProps) {
  const { bundle, unreadable, needs } = look;
  const problems = unreadable === undefined ? (bundle?.problems ?? []) : [unreadable];
  const { status, fingerprint } = bundle?.signature ?? {};
  return (
    <div className="bundle-view">
      <div role="status">
        <Verdict look={look} />
      </div>
      {problems.map(({ code, message, hint, place }) => (
        <p key={`${code} ${place}`} className="bundle-problem">
          {message} <span className="quiet">{hint}</span> <code>{code}</code>
        </p>
      ))}
      {status === 'uncompared' && fingerprint !== undefined ? (
        <div className="bundle-key">
          <p>
            {text.signedWith} <code>{fingerprint}</code>
          </p>
          <Button
            variant="secondary"
            onClick={() => {
              onKey(fingerprint);
            }}
          >
            {text.useKey}
          </Button>
        </div>
      ) : null}
      {bundle === undefined ? null : <Contents bundle={bundle} />}
      <Needs needs={needs} />
    </div>
  );
}

function Verdict({ look: { bundle, unreadable } }: { readonly look: BundleLook }) {
  if (unreadable !== undefined) return <StatusWord status="failed">{text.wrong(1)}</StatusWord>;
  if (bundle === undefined) return <StatusWord status="skipped">{text.none}</StatusWord>;
  const { problems, signature } = bundle;
  if (problems.length > 0) return <StatusWord status="failed">{text.wrong(problems.length)}</StatusWord>;
  if (signature.status === 'uncompared') return <WarnWord>{text.unproven}</WarnWord>;
  return <StatusWord status="ok">{text.right}</StatusWord>;
}

function Contents({ bundle }: { readonly bundle: BundleSeen }) {
  const { file, bytes: size, signature, made, holds } = bundle;
  const columns = text.holdColumns;
  return (
    <>
      <Facts
        facts={[
          [text.facts.file, <code key="file">{file}</code>],
          [text.facts.size, bytes(size)],
          [text.facts.signature, text.signature(signature.status)],
          [text.facts.made, text.made(made)],
        ]}
      />
      {holds.length === 0 ? null : (
        <table className="hw-table bundle-holds">
          <caption>{text.holds}</caption>
          <thead>
            <tr>
              <th scope="col">{columns.kind}</th>
              <th scope="col">{columns.files}</th>
              <th scope="col">{columns.size}</th>
              <th scope="col">{columns.names}</th>
            </tr>
          </thead>
          <tbody>
            {holds.map(({ kind, files, bytes: taken, names, left_out: more }) => (
              <tr key={kind}>
                <th scope="row">{text.kind(kind)}</th>
                <td>{files}</td>
                <td>{bytes(taken)}</td>
                <td>
                  {names.join(', ')}
                  {text.andMore(more)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

const SIGNS: Record<BundleNeed['state'], Status> = { beside: 'ok', bundle: 'ok', missing: 'failed' };

function Needs({ needs }: { readonly needs: readonly BundleNeed[] }) {
  const missing = needs.filter(({ state }) => state === 'missing').length;
  const columns = text.needColumns;
  if (needs.length === 0) return <p className="quiet">{text.noneNeeded}</p>;
  return (
    <table className="hw-table bundle-needs">
      <caption>
        {text.needs}{' '}
        <StatusWord quiet status={missing > 0 ? 'failed' : 'ok'}>
          {missing > 0 ? text.missing(missing) : text.allThere}
        </StatusWord>
      </caption>
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.stage}</th>
          <th scope="col">{columns.state}</th>
        </tr>
      </thead>
      <tbody>
        {needs.map((need) => (
          <tr key={need.path} className={need.state === 'missing' ? 'offends' : undefined}>
            <th scope="row">{need.name}</th>
            <td>{need.stage}</td>
            <td>
              <StatusWord quiet status={SIGNS[need.state]}>
                {text.state(need)}
              </StatusWord>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
