import type { Report, ReportSection } from './report.ts';

/** Looks the same on paper; nothing is loaded from anywhere. */
const STYLE = `
body { font: 11pt/1.45 system-ui, sans-serif; color: #151515; background: #fff; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem; break-after: avoid }
table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #c7c7c7; overflow-wrap: anywhere }
.facts { width: auto } .verdict { font-size: 1.1rem } footer { margin-top: 2rem; color: #4d4d4d }
`.trim();

/** The report as one HTML file, to be read in any browser and printed. What machines said is text in it, never markup. */
export function renderHtml(report: Report): string {
  const facts = report.facts.map(
    ([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(report.title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>${escape(report.title)}</h1>
<p class="verdict">${escape(report.verdict)}</p>
<table class="facts">
${facts.join('\n')}
</table>
${report.sections.map(section).join('\n')}
<footer>${escape(report.footer)}</footer>
</body>
</html>
`;
}

function section({ title, columns, rows, text }: ReportSection): string {
  const said = text === undefined ? '' : `<p>${escape(text)}</p>\n`;
  return `<section>\n<h2>${escape(title)}</h2>\n${said}${rows.length === 0 ? '' : table(columns, rows)}</section>`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escape(column)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`);
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>\n`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '');
}
