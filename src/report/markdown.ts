import type { Report, ReportSection } from './report.ts';

/** The report as Markdown with pipe tables. What machines said is quoted in it, so nothing in a cell is markup. */
export function renderMarkdown(report: Report): string {
  const facts = table(['', ''], report.facts);
  const parts = [`# ${escape(report.title)}`, escape(report.verdict), facts, ...report.sections.map(section)];
  return `${[...parts, `---\n\n${escape(report.footer)}`].join('\n\n')}\n`;
}

function section({ title, columns, rows, text }: ReportSection): string {
  const said = text === undefined ? [] : [escape(text)];
  return [`## ${escape(title)}`, ...said, ...(rows.length === 0 ? [] : [table(columns, rows)])].join('\n\n');
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  return [line(columns), `|${columns.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

function escape(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .replaceAll(/[\\`*_{}[\]<>#|~&]/g, String.raw`\$&`);
}
