import { readdirSync, readFileSync } from 'node:fs';

/** The forms in which a secret could show: plain, base64 at each alignment, and URL-escaped. */
export function formsOf(secret: string): string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters depend on the neighbours, so only the inner ones must match.
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [...new Set([secret, ...shifted, encodeURIComponent(secret)])].filter((form) => form.length >= 8);
}

/** Looks at the arguments and environment of every process of this machine, containers included, again and again. */
export function watchProcesses(forms: readonly string[]): {
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
  }, 200);
  return {
    stop: () => {
      clearInterval(timer);
      return [...found];
    },
    looks: () => looks,
  };
}
