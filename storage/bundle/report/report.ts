import type { BundleInput } from '../bundle-input.ts';
import { escapeHtml } from './html.ts';
import { deedsInOrder, howSure, howToCheck, whatHappened, whatNot, whoBelongs, whoseData } from './sections.ts';
import { STYLE } from './style.ts';
import { summary } from './summary.ts';

/** The report for people: one file without script, pictures in it, A4 when printed. Every value is escaped. */
export function* reportHtml(input: BundleInput): Generator<string> {
  const { report } = input;
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Breach scope: ${escapeHtml(report.request.site)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
`;
  for (const section of [summary(input), whatHappened(report), whoBelongs(report), whoseData(report), whatNot(report), howSure(report), deedsInOrder(report), howToCheck(input)]) yield section.html;
  yield '</main>\n</body>\n</html>\n';
}
