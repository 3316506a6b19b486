/** One line of what a tool said, and where it said it. */
export interface Line {
  readonly source: string;
  readonly text: string;
  /** True for a line of an Ansible failure: it tells more than what is printed around it. */
  readonly fatal: boolean;
}

/** Fields of a result that repeat, measure or configure, and so say nothing about a cause. */
const SILENT =
  /^(?:_ansible|ansible_facts|invocation|diff|deprecations|ansible_loop_var|start|end|delta|changed|unreachable|failed$|cmd|\w+_lines|warnings|resolution|severity|messageargs|relatedproperties|attempts|rc$|@odata|item$|uuid)/i;
const TOLD_FIRST = ['msg', 'module_stderr', 'stderr', 'module_stdout', 'stdout', 'exception', 'reason'];
const DEEPEST = 6;
const MOST_VALUES = 200;

/** Says a module's result (or any JSON a tool printed) as lines: messages first, of a loop only what failed. */
export function resultLines(result: unknown, source: string, fatal: boolean): Line[] {
  const lines: Line[] = [];
  walk(result, '', 0);
  return lines;

  function walk(value: unknown, field: string, depth: number): void {
    if (depth > DEEPEST || lines.length > MOST_VALUES) return;
    if (typeof value === 'string') return say(field, value);
    if (typeof value === 'number') return say(field, String(value));
    if (Array.isArray(value)) {
      const failed = value.filter((item) => isRecord(item) && item['failed'] === true);
      for (const item of failed.length > 0 ? failed : value) walk(item, field, depth + 1);
    } else if (isRecord(value)) {
      const told = TOLD_FIRST.filter((name) => name in value);
      const others = Object.keys(value).filter((name) => !TOLD_FIRST.includes(name) && !SILENT.test(name));
      for (const name of [...told, ...others]) walk(value[name], name, depth + 1);
    }
  }

  function say(field: string, text: string): void {
    const told =
      TOLD_FIRST.includes(field) || /message|error|detail|description|response|^censored$/i.test(field);
    const parts = field === 'exception' ? lastLine(text) : text.split('\n');
    for (const part of parts) {
      if (part.trim() === '') continue;
      const place = field === '' ? source : source === '' ? field : `${source}, ${field}`;
      lines.push({ source: told ? place : source || place, text: told ? part : `${field}: ${part}`, fatal });
    }
  }
}

function lastLine(text: string): string[] {
  return text.trimEnd().split('\n').slice(-1);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
