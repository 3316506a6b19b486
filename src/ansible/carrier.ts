import type { PlannedStage } from '../contract/events.ts';
import type { CancelSignal, StageEvent } from '../contract/ports.ts';
import type { Contact } from './contact.ts';
import type { PlaybookPorts } from './ports.ts';

/** What carrying out one attempt is about. */
export interface Carrier {
  readonly ports: PlaybookPorts;
  readonly stage: PlannedStage;
  readonly signal: CancelSignal;
  readonly contact: Contact;
  readonly root: string;
  /** Private data directory of the attempt on the machine. */
  readonly directory: string;
  emit(event: StageEvent): void;
  tell(text: string): void;
}
