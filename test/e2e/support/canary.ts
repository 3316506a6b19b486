import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** A secret that nothing else on this machine holds, with characters that every tool escapes in its own way. */
export function makeCanary(name: string): string {
  return `${name}'q"$&/\\ +${randomBytes(9).toString('base64url')}~`;
}

/**
 * The forms in which a secret could show: plain, base64 at each alignment, escaped for URLs, JSON and shells, and
 * hexadecimal. Written apart from the product's own list, which is what is on trial.
 */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters depend on the neighbours, so only the inner ones must match.
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  const url = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const forms = [
    ...[secret, url, url.replaceAll('%20', '+'), url.replaceAll("'", '%27'), url.toLowerCase()],
    ...[
      json,
      JSON.stringify(json).slice(1, -1),
      secret.replaceAll("'", `'"'"'`),
      secret.replaceAll("'", `'\\''`),
    ],
    ...shifted.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]),
    bytes.toString('hex'),
    // The part that no tool changes.
    ...(/[\w~-]{12,}/.exec(secret) ?? []),
  ];
  return [...new Set(forms)].filter((form) => form.length >= 8);
}

/** The files of a folder that hold one of the forms. */
export function filesWith(folder: string, forms: readonly string[]): string[] {
  const input = `${forms.join('\n')}\n`;
  const { stdout, status, stderr } = spawnSync('grep', ['-rlaF', '-f', '-', folder], {
    input,
    encoding: 'utf8',
  });
  // 1 says that nothing was found.
  if (status !== 0 && status !== 1) throw new Error(`the search in ${folder} failed: ${stderr}`);
  return stdout.split('\n').filter(Boolean);
}

/** The forms that stand in a text. */
export function formsIn(text: string | Buffer, forms: readonly string[]): string[] {
  return forms.filter((form) => text.includes(form));
}

/** Looks at the arguments and environment of every process of this machine, containers included, again and again. */
export function watchProcesses(
  forms: readonly string[],
  everyMs = 200,
): {
  stop(): readonly string[];
  readonly looks: () => number;
} {
  const found = new Set<string>();
  let looks = 0;
  const needles = forms.map((form) => Buffer.from(form));
  const timer = setInterval(() => {
    looks += 1;
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      for (const file of ['cmdline', 'environ']) {
        try {
          const content = readFileSync(`/proc/${pid}/${file}`);
          if (needles.some((needle) => content.includes(needle)))
            found.add(`${file} of ${content.toString().slice(0, 60)}`);
        } catch {
          // The process ended between the listing and the read.
        }
      }
    }
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return [...found];
    },
    looks: () => looks,
  };
}
