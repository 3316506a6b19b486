import { Button } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import { plainLines, retype } from '../model/line-ends.ts';
import type { SiteModel, StepId } from '../types.ts';
import { wizardText as text } from '../../text/wizard.ts';
import { createYamlEditor, type YamlEditor } from './yaml-editor.ts';

/** A place in the site file and the step that shows it: a JSON path, and where it stands in the text (counted from 1). */
export interface Place {
  readonly step: StepId;
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

interface YamlPaneProps {
  readonly model: SiteModel;
  readonly onType: (text: string) => void;
  readonly onHide: () => void;
  /** What to show; another object goes there again. */
  readonly place: Place | null;
}

/** The site file itself beside the form: what is typed in one is seen in the other. */
export function YamlPane({ model, onType, onHide, place }: YamlPaneProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<YamlEditor | null>(null);
  const broken = model.document === null;
  const latest = useRef({ text: model.text, onType, broken });
  useEffect(() => {
    latest.current = { text: model.text, onType, broken };
  });
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const made = createYamlEditor(element, text.yamlLabel, (typed) => {
      const { text: before, onType: tell } = latest.current;
      tell(retype(before, typed));
    });
    // Single keys are shortcuts of the page, and the page cannot see that they are typed into a shadow tree.
    const keep = (event: KeyboardEvent): void => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    };
    element.addEventListener('keydown', keep);
    editor.current = made;
    return () => {
      element.removeEventListener('keydown', keep);
      made.destroy();
    };
  }, []);
  useEffect(() => {
    editor.current?.show(plainLines(model.text));
  }, [model.text]);
  useEffect(() => {
    editor.current?.mark(model.problems);
  }, [model.problems]);
  useEffect(() => {
    editor.current?.allow(!model.changedOutside);
  }, [model.changedOutside]);
  useEffect(() => {
    if (place?.line !== undefined) editor.current?.goTo(place.line, place.column, latest.current.broken);
  }, [place]);
  return (
    <aside className="pane yaml-pane" aria-label={text.yaml}>
      <div className="yaml-head">
        <h2>{text.yaml}</h2>
        <code title={model.file}>{model.file.split(/[\\/]/).at(-1)}</code>
        <Button variant="link" isInline onClick={onHide}>
          {text.hideYaml}
        </Button>
      </div>
      <div className="yaml-text" ref={host} />
      <p className="yaml-note quiet">{broken ? text.yamlBroken : text.yamlNote}</p>
    </aside>
  );
}
