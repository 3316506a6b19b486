import type { WantedCredential } from '../../../src/contract/api.ts';
import { FailedIcon, TickIcon, WarningIcon } from '../../components/icons.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { usersOf } from './wanted.ts';

interface CredentialTableProps {
  readonly wanted: readonly WantedCredential[];
  readonly selected: string | undefined;
  readonly onSelect: (name: string) => void;
}

/** Each name of the site file with who uses it and whether it has a value that will do. */
export function CredentialTable({ wanted, selected, onSelect }: CredentialTableProps) {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">{text.credentialName}</th>
          <th scope="col">{text.usedBy}</th>
          <th scope="col">{text.state}</th>
        </tr>
      </thead>
      <tbody>
        {wanted.map((one) => (
          <tr key={one.name} data-selected={one.name === selected}>
            <th scope="row">
              <button
                type="button"
                className="row-button"
                aria-pressed={one.name === selected}
                onClick={() => {
                  onSelect(one.name);
                }}
              >
                {one.name}
              </button>
            </th>
            <td>{usersOf(one.uses)}</td>
            <td>
              <State wanted={one} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function State({ wanted: { stored, problem } }: { readonly wanted: WantedCredential }) {
  if (stored === undefined)
    return (
      <span className="status-word warn">
        <span className="sign sign-overridden" aria-hidden="true">
          <WarningIcon />
        </span>
        {text.notStored}
      </span>
    );
  if (problem !== undefined)
    return (
      <span className="status-word bad">
        <span className="sign sign-failed" aria-hidden="true">
          <FailedIcon />
        </span>
        {problem}
      </span>
    );
  const user = stored.username === undefined ? '' : `, ${text.forUser(stored.username)}`;
  return (
    <span className="state-quiet">
      <span className="sign" aria-hidden="true">
        <TickIcon />
      </span>
      {text.kind[stored.kind]}
      {user}
    </span>
  );
}
