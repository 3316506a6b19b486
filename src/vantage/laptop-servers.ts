import { NOT_NEEDED, type MatrixCell } from '../contract/matrix.ts';
import type { LaptopAnswers, NameAnswer, TimeAnswer } from './laptop-answers.ts';
import type { LaptopPlan } from './laptop-plan.ts';

type ServerCell = Omit<MatrixCell, 'from'>;

/** The limit of the stage's other machines, in seconds. */
const MOST_OFFSET = 5;
/** Errors of a resolver that are an answer all the same: there is no such name, or no address of it. */
const ANSWERS = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * What the laptop saw of name and time servers: a run needs neither from there, so silence counts for nothing; a wrong address
 * and a laptop's clock that is off are worth a warning.
 */
export function serverCells(plan: LaptopPlan, answers: LaptopAnswers): ServerCell[] {
  return [
    ...plan.nameServers.map(({ server }) => nameCell(server, answers.names.get(server))),
    ...plan.timeServers.map((server) => timeCell(server, answers.times.get(server))),
  ];
}

function nameCell(server: string, answers: readonly NameAnswer[] | undefined): ServerCell {
  const place = { probe: 'dns', at: server };
  if (answers === undefined) return { ...place, status: 'not-tried', seen: 'there was no time left' };
  const wrong = answers.find(isWrong);
  if (wrong !== undefined) {
    const { name, wanted = '', addresses = [] } = wrong;
    const seen = `${name} is ${addresses.length === 0 ? 'not known' : addresses.join(', ')}`;
    return { ...place, status: 'warn', seen, wanted };
  }
  const silent = answers.find(({ error }) => error !== undefined && !ANSWERS.has(error));
  if (silent === undefined) {
    const many = answers.length === 1 ? '1 question' : `${answers.length} questions`;
    return { ...place, status: 'ok', seen: `${many} answered` };
  }
  const said =
    silent.error === 'ETIMEOUT' || silent.error === 'ECANCELLED'
      ? 'no answer on UDP port 53'
      : `says ${silent.error ?? ''} to a question for ${silent.name}`;
  return { ...place, status: 'not-tried', seen: `${NOT_NEEDED}: ${said}` };
}

/** Where an address is wanted, none and another are wrong. */
function isWrong({ wanted, addresses, error }: NameAnswer): boolean {
  if (wanted === undefined) return false;
  return addresses === undefined ? ANSWERS.has(error ?? '') : !addresses.includes(wanted);
}

function timeCell(server: string, answer: TimeAnswer | undefined): ServerCell {
  const place = { probe: 'ntp', at: server };
  if (answer === undefined) return { ...place, status: 'not-tried', seen: 'there was no time left' };
  const off = (said: string): ServerCell => ({
    ...place,
    status: 'not-tried',
    seen: `${NOT_NEEDED}: ${said}`,
  });
  if ('error' in answer) return off('no answer on UDP port 123');
  const { synchronised, stratum, offset } = answer;
  if (!synchronised) return off('it answers, and does not have the time itself');
  const figure = `${offset < 0 ? '-' : '+'}${Math.abs(offset).toFixed(3)} s`;
  if (Math.abs(offset) <= MOST_OFFSET)
    return { ...place, status: 'ok', seen: `stratum ${stratum}, offset ${figure}` };
  const behind = offset > 0 ? 'behind' : 'ahead';
  const seen = `the laptop's clock is ${Math.abs(offset).toFixed(1)} s ${behind}`;
  return { ...place, status: 'warn', seen, wanted: `within ${MOST_OFFSET} s` };
}
