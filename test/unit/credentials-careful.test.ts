import { describe, expect, it } from 'vitest';
import { tryCarefully, type CarefulLogin } from '../../src/app/credentials-careful.ts';
import { BringupError } from '../../src/contract/errors.ts';

const error = (code: string): BringupError => new BringupError({ code, message: code });

/** Machines that answer a login as named; `log` is what was done, in order. */
function machines(answers: readonly ('in' | 'refused' | 'locked' | 'dead')[]): {
  logins: CarefulLogin[];
  log: string[];
  most: () => number;
} {
  const log: string[] = [];
  let now = 0;
  let most = 0;
  const logins = answers.map((answer, index) => ({
    name: `m${index}`,
    look: async () => {
      if (answer === 'dead') throw error('SSH_TIMEOUT');
    },
    login: async () => {
      log.push(`m${index}`);
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      if (answer === 'refused') throw error('SSH_AUTH_FAILED');
      if (answer === 'locked') throw error('REDFISH_LOGIN_LOCKED');
    },
  }));
  return { logins, log, most: () => most };
}

const codes = async (logins: readonly CarefulLogin[]): Promise<string[]> =>
  (await tryCarefully(logins)).map(({ thrown }) => (thrown as BringupError | undefined)?.code ?? 'in');

describe('a credential that many machines share', () => {
  it('is tried once at each, in order, and only where somebody answers', async () => {
    const { logins, log } = machines(['dead', 'in', 'dead', 'in']);
    expect(await codes(logins)).toEqual(['SSH_TIMEOUT', 'in', 'SSH_TIMEOUT', 'in']);
    expect(log).toEqual(['m1', 'm3']);
  });

  it.each(['refused', 'locked'] as const)('is tried nowhere else once one machine has %s it', async (how) => {
    const { logins, log } = machines(['dead', how, 'in', 'in', 'dead']);
    const [dead, no, ...rest] = await codes(logins);
    expect([dead, no !== 'in', ...rest]).toEqual([
      ...['SSH_TIMEOUT', true],
      ...['CREDENTIALS_HELD_BACK', 'CREDENTIALS_HELD_BACK', 'SSH_TIMEOUT'],
    ]);
    expect(log).toEqual(['m1']);
  });

  it('goes to four machines at once after one has taken it, and stops at a refusal there as well', async () => {
    const proven = machines(['in', ...Array<'in'>(20).fill('in')]);
    expect(await codes(proven.logins)).toEqual(Array(21).fill('in'));
    expect(proven.most()).toBe(4);
    const later = machines(['in', 'refused', ...Array<'refused'>(20).fill('refused')]);
    await codes(later.logins);
    expect(later.log.length).toBeLessThanOrEqual(5);
  });
});
