export { composeReport, type ReportInput } from './compose.ts';
export { renderHtml } from './html.ts';
export { renderMarkdown } from './markdown.ts';
