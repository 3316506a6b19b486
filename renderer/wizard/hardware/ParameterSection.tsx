import { Button } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { CaretDownIcon, CaretRightIcon } from '../../components/icons.ts';
import { StatusWord } from '../../components/Status.tsx';
import { parametersText as text } from '../../text/parameters.ts';
import { editsFor } from '../model/field.ts';
import { isWithin, jsonPath, valueAt } from '../model/paths.ts';
import type { SiteModel } from '../types.ts';
import { errorsOf } from './FileErrors.tsx';
import { setIn } from './parameter-count.ts';
import { ParameterEntries } from './ParameterEntries.tsx';
import type { ParameterGroup } from './parameter-schema.ts';

interface ParameterSectionProps {
  readonly model: SiteModel;
  readonly group: ParameterGroup;
  /** JSON path of a problem that is followed; one inside unfolds the section. */
  readonly focus: string | undefined;
}

/** Parameters that belong together: what they are for and how many are set; folded where the site uses none of them. */
export function ParameterSection({ model, group, focus }: ParameterSectionProps) {
  const id = useId();
  const place = jsonPath(group.path);
  const wrong = errorsOf(model.problems).filter(({ path }) => isWithin(path, place)).length;
  const set = setIn(model.document, group.entries);
  const there = valueAt(model.document, group.path) !== undefined;
  const [open, setOpen] = useState(there || wrong > 0);
  const [followed, setFollowed] = useState<string | undefined>();
  if (focus !== followed) {
    setFollowed(focus);
    if (focus !== undefined && isWithin(focus, place)) setOpen(true);
  }
  const Caret = open ? CaretDownIcon : CaretRightIcon;
  return (
    <section className="parameter-section" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <button
          type="button"
          id={id}
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
          }}
          {...(open ? {} : { 'data-path': place })}
        >
          <Caret />
          <span>{group.title}</span>
          {wrong > 0 ? (
            <StatusWord status="failed">{text.wrong(wrong)}</StatusWord>
          ) : (
            <span className="quiet">{set === 0 ? text.groupUnset : text.groupSet(set)}</span>
          )}
        </button>
      </h2>
      {group.description === undefined ? null : <p className="quiet">{group.description}</p>}
      {!open ? null : (
        <div className="parameter-body">
          <ParameterEntries model={model} entries={group.entries} />
          {!there ? null : (
            <Button
              variant="link"
              isInline
              aria-label={text.leaveOutOf(group.title)}
              onClick={() => {
                model.edit(editsFor(model.document, group.path, undefined)).catch(() => undefined);
                document.getElementById(id)?.focus();
              }}
            >
              {text.leaveOut}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
