export { composeReport, type ReportInput } from './compose.ts';
export { renderHtml } from './html.ts';
export { renderJUnit } from './junit.ts';
export { renderMarkdown } from './markdown.ts';
