import type { ProbeRow } from '../contract/vantage.ts';

/** What one raw observation means. */
export type Judgement = Pick<ProbeRow, 'status' | 'text'> & Partial<Pick<ProbeRow, 'ms' | 'identity'>>;
