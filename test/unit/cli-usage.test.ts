import { describe, expect, it } from 'vitest';
import { createProgram } from '../../main/cli/program.ts';
import { toErrorData } from '../../src/contract/errors.ts';

/** What the command line says of arguments that are wrong. */
async function saidOf(...args: string[]) {
  const program = createProgram(
    { json: () => false, client: () => Promise.reject(new Error('not asked')), exit: () => undefined },
    '0',
  );
  return program.parseAsync(args, { from: 'user' }).then(() => null, toErrorData);
}

describe('arguments that are wrong', () => {
  it('are an error like any other, with the help of the command they were given to', async () => {
    expect(await saidOf('validate')).toMatchObject({
      ...{ code: 'USAGE', exit: 2, message: "Missing required argument 'file'." },
      hint: 'See: bringup validate --help',
    });
    expect(await saidOf('bundle', 'create', 'files')).toMatchObject({
      message: "Required option '-o, --output <file>' not specified.",
      hint: 'See: bringup bundle create --help',
    });
  });

  it('are told with what was probably meant', async () => {
    expect(await saidOf('aply', 'site.yaml')).toMatchObject({
      message: "Unknown command 'aply'.",
      hint: 'Did you mean apply? See: bringup --help',
    });
    expect(await saidOf('apply', 'site.yaml', '--untl', 'rke2')).toMatchObject({
      message: "Unknown option '--untl'.",
      hint: 'Did you mean --until? See: bringup apply --help',
    });
  });

  it('are told with what an option takes', async () => {
    expect(await saidOf('logs', '--since', 'yesterday')).toMatchObject({
      exit: 2,
      message: expect.stringMatching(
        /^Option '--since <time>' argument 'yesterday' is invalid\. It is a time/,
      ) as string,
    });
  });
});

describe('the help', () => {
  it('names every command in a group, with its arguments and without "[options]"', () => {
    const help = createProgram(
      { json: () => false, client: () => Promise.reject(new Error('not asked')), exit: () => undefined },
      '0',
    ).helpInformation();
    expect(help).toMatch(/^The site file:\n {2}init <file> {2,}write a commented site file/m);
    expect(help).toMatch(/^A run:\n {2}apply <file> /m);
    expect(help.split('Options:')[1]).not.toContain('[options]');
    expect(help).not.toMatch(/^Commands:$/m);
  });
});

describe('what the operating system of the laptop refuses', () => {
  const refused = (code: string, syscall: string) =>
    toErrorData(Object.assign(new Error(`${code}: refused, ${syscall}`), { code, syscall }));

  it('is told with a remedy, and is no bug', () => {
    expect(refused('ENOSPC', 'write')).toMatchObject({ code: 'DISK_FULL', exit: 1 });
    expect(refused('EACCES', 'open')).toMatchObject({ code: 'PERMISSION_DENIED', exit: 1 });
    expect(refused('EROFS', 'mkdir').evidence).toEqual([
      { source: 'operating system', text: 'EROFS: refused, mkdir' },
    ]);
  });

  it('stays a bug where it is nothing that a person could mend', () => {
    expect(refused('EBADF', 'write')).toMatchObject({ code: 'INTERNAL', exit: 70 });
    expect(refused('EACCES', 'connect')).toMatchObject({ code: 'INTERNAL', exit: 70 });
  });
});
