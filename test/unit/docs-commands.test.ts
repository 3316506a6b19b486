import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../main/cli/program.ts';
import { documents, filesBelow, textOf } from './docs-text.ts';

const program = createProgram(
  { json: () => false, client: () => Promise.reject(new Error('not asked')), exit: () => undefined },
  '0',
);
const globals = program.options.flatMap(({ short, long }) => [short, long, '--help', '-h']);

/** Where what is said of a command ends, other than at the end of its piece of code or its line. */
const END = / [|<>&#]|[;({})]|, (?=\w+:)/;

/** What is said of commands in a text: what follows `bringup`. */
function saidIn(text: string): string[] {
  const said = text.matchAll(/(?<![\w/.@:-])bringup ([a-z]+(?![\w-])[^\n`'"]*)/g);
  return [...said].map(([, words = '']) => words.split(END)[0] ?? '');
}

/** What no such command has, or null. */
function wrongIn(said: string): string | null {
  let command: Command = program;
  let depth = 0;
  for (const word of said.split(/[\s,]+/).map((part) => part.replace(/[.:)]+$/, ''))) {
    const found = command.commands.find((child) => child.name() === word);
    if (found !== undefined) {
      command = found;
      depth += 1;
      continue;
    }
    if (command.commands.length > 0 && /^[a-z]/.test(word) && depth < 2) {
      if (depth > 0 && command.parent?.commands.some((child) => child.name() === word)) continue;
      return `no command ${word}`;
    }
    const flag = /^(--?[a-z][a-z-]*)/.exec(word)?.[1];
    if (flag === undefined) continue;
    const known = command.options.flatMap(({ short, long }) => [short, long]);
    if (![...known, ...globals].includes(flag)) return `${command.name()} has no ${flag}`;
  }
  return null;
}

const wrongOf = (files: readonly string[]): string[] =>
  files.flatMap((file) =>
    saidIn(textOf(file)).flatMap((said) => {
      const wrong = wrongIn(said);
      return wrong === null ? [] : [`${file}: bringup ${said}: ${wrong}`];
    }),
  );

describe('the commands that texts name', () => {
  it('are there, in the documents', () => {
    expect(wrongOf(documents())).toEqual([]);
  });

  it('are all in the README', () => {
    const readme = textOf('README.md');
    const missing = program.commands
      .map((command) => command.name())
      .filter((name) => !readme.match(`\`(?:bringup )?${name}\\b`));
    expect(missing).toEqual([]);
  });

  it('are there, in failure texts, remedies and the window', () => {
    const files = [
      ...filesBelow('playbooks', ['.yml', '.yaml', '.py']),
      ...['src', 'main', 'renderer'].flatMap((room) => filesBelow(room, ['.ts', '.tsx', '.mjs'])),
    ];
    expect(wrongOf(files)).toEqual([]);
  });

  it('are found out where they are not', () => {
    expect(wrongIn('valdate site.yaml')).toBe('no command valdate');
    expect(wrongIn('apply site.yaml --untill rke2')).toBe('apply has no --untill');
    expect(wrongIn('bundle make FILE')).toBe('no command make');
    expect(saidIn('see `bringup runs --json | head`')).toEqual(['runs --json']);
  });
});
