import { standardKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, foldGutter, foldKeymap, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Problem } from '../../../src/contract/api.ts';
import { differenceOf } from '../model/line-ends.ts';

const FROM_OUTSIDE = Annotation.define<boolean>();

const COLOURS = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--blue)' },
  { tag: [tags.comment, tags.punctuation, tags.separator, tags.bracket], color: 'var(--ink-quiet)' },
  { tag: [tags.meta, tags.labelName], color: 'var(--warn-ink)' },
]);

const LOOK = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--paper)', color: 'var(--ink)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: '3px solid var(--blue)', outlineOffset: '-3px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.5rem 0' },
  '.cm-gutters': { backgroundColor: 'var(--paper)', color: 'var(--ink-quiet)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--paper-rail)' },
  '.cm-activeLine ::selection, .cm-line ::selection': { backgroundColor: 'var(--track)' },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    borderColor: 'var(--line-strong)',
  },
  // The library's own signs are images in data: addresses, which the content policy refuses.
  '.cm-lint-marker-error, .cm-lint-marker-warning': { content: 'normal', textAlign: 'center' },
  '.cm-lint-marker-error::before': { content: '"✖"', color: 'var(--bad)' },
  '.cm-lint-marker-warning::before': { content: '"▲"', color: 'var(--warn)' },
  '.cm-lintRange-error, .cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '0.2em',
  },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warn)' },
  '.cm-diagnostic': { fontFamily: 'var(--pf-t--global--font--family--body)', fontSize: '0.8125rem' },
});

/** A text editor in a shadow tree: its own styles come as constructed sheets, which a strict CSP allows. */
export interface YamlEditor {
  show(text: string): void;
  mark(problems: readonly Problem[]): void;
  allow(editable: boolean): void;
  goTo(line: number, column?: number, focus?: boolean): void;
  destroy(): void;
}

/** Makes the editor in an element. `onType` gets the whole text, with plain line ends, whenever a person changes it. */
export function createYamlEditor(
  host: HTMLElement,
  label: string,
  onType: (text: string) => void,
): YamlEditor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const editable = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        lintGutter(),
        foldGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        search({ top: true }),
        yaml(),
        indentUnit.of('  '),
        syntaxHighlighting(COLOURS),
        LOOK,
        keymap.of([...searchKeymap, ...lintKeymap, ...foldKeymap, ...standardKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        editable.of([]),
        EditorView.updateListener.of((update) => {
          const typed = update.transactions.some((one) => one.docChanged && !one.annotation(FROM_OUTSIDE));
          if (typed) onType(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    show: (text) => {
      const change = differenceOf(view.state.doc.toString(), text);
      if (change === null) return;
      const insert = text.slice(change.from, change.endAfter);
      view.dispatch({
        changes: { from: change.from, to: change.endBefore, insert },
        annotations: FROM_OUTSIDE.of(true),
      });
    },
    mark: (problems) => {
      const { doc } = view.state;
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((problem) => diagnostic(doc, problem)),
        ),
      );
    },
    allow: (may) => {
      const locked = [EditorState.readOnly.of(true)];
      view.dispatch({ effects: editable.reconfigure(may ? [] : locked) });
    },
    goTo: (line, column = 1, focus = false) => {
      const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
      const anchor = Math.min(at.to, at.from + column - 1);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      if (focus) view.focus();
    },
    destroy: () => {
      view.destroy();
    },
  };
}

/** A problem at its place: from there to the end of what is written on the line. */
function diagnostic(doc: EditorState['doc'], { line, column, severity, message, hint }: Problem): Diagnostic {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const from = Math.min(at.to, at.from + column - 1);
  const word = /^(?:"[^"]*"|'[^']*'|[^\s,}\]]+)/.exec(doc.sliceString(from, at.to))?.[0] ?? '';
  const text = hint === undefined ? message : `${message} ${hint}`;
  return { from, to: from + word.length, severity, message: text };
}
