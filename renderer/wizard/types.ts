import type { BringupClient, Problem, SiteEdit } from '../../src/contract/api.ts';

/** The steps of the wizard, in the order of the stepper. */
export const STEP_IDS = [
  'site',
  'networks',
  'hosts',
  'credentials',
  'discovery',
  'cabling',
  'profiles',
  'compatibility',
  'parameters',
  'machines',
  'review',
] as const;

export type StepId = (typeof STEP_IDS)[number];

/** Any JSON value of a site file. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** An open site file as the steps see it. The text is the truth; `document` is what it says, read again after each change. */
export interface SiteModel {
  /** Path on the machine that runs Bringup. */
  readonly file: string;
  /** The site file as plain JSON, aliases resolved; null while the text is not valid YAML or not a map. */
  readonly document: Readonly<Record<string, Json>> | null;
  readonly problems: readonly Problem[];
  /** The text as shown, one edit ahead of the disk at the most. */
  readonly text: string;
  /** Changes fields losslessly and saves; one call is one step of undo. Rejects with BringupError SITE_EDIT_* when it cannot. */
  readonly edit: (edits: readonly SiteEdit[]) => Promise<void>;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly saving: boolean;
  /** The file on disk was changed by another program and nothing is written until the engineer has chosen. */
  readonly changedOutside: boolean;
}

/**
 * What each step is given. The shell draws the heading (h1), a sentence, the problems of the step, Back and Next, and the
 * YAML pane. A step returns a fragment: `<div className="step-main">` (it scrolls) and, where it wants one, a right
 * pane behind it: `<aside className="pane">`. An element with `data-path="$.networks[0].cidr"` is focused by the shell
 * when a problem of that path, or of one inside it, is followed. `focus` is the JSON path of a problem (`$.hosts[2].bmc.address`) whose field takes the focus.
 */
export interface StepProps {
  readonly client: BringupClient;
  readonly model: SiteModel;
  readonly focus?: string;
  readonly go: (step: StepId, focus?: string) => void;
}
