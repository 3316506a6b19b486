import type { KeptFile } from '../contract/ports.ts';

/** Version of the export format that is written; a reader takes this one and every older one. */
export const EXPORT_FORMAT = 1;

/** First line of an export. */
export interface ExportHeader {
  readonly bringup_export: number;
  readonly run: string;
  readonly site: string;
  readonly stack: string;
  /** Version of Bringup that made the export. */
  readonly version: string;
  readonly platform: string;
  readonly made: string;
  /** What of the journal could not be read. */
  readonly notice?: string;
}

/** A file of the export: what the run was made from, and its state for readers without Bringup. */
export interface ExportFile {
  readonly file: KeptFile | 'state.json';
  readonly text: string;
}

/** Last line: how many lines stand before it and the SHA-256 of their bytes, so that a cut or changed file is seen. */
export interface ExportEnd {
  readonly end: { readonly lines: number; readonly sha256: string };
}

export const EXPORT_FILES: readonly ExportFile['file'][] = [
  'site.yaml',
  'plan.json',
  'hardware.json',
  'state.json',
];
