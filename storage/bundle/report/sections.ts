import { REASON_TEXT } from '../../../contracts/scope.ts';
import type { ScopeLink, ScopeReport, ScopeTotal } from '../../../contracts/scope.ts';
import type { BundleInput } from '../bundle-input.ts';
import { html, NOTHING } from './html.ts';
import type { Html } from './html.ts';
import { linksPicture } from './links-picture.ts';
import { personsPicture } from './persons-picture.ts';
import { table } from './table.ts';
import { timelinePicture } from './timeline-picture.ts';
import { className, count, counted, effectOf, entityName, minute, percent, time } from './words.ts';

const MOST_DEEDS = 100;
const MOST_LINKS = 60;
const MOST_ROWS = 40;

export function whatHappened(report: ScopeReport): Html {
  return html`<section aria-labelledby="what"><h2 id="what">What happened, and when</h2>
${timelinePicture(report) ?? NOTHING}${personsPicture(report) ?? NOTHING}
${table('Where data went', ['Destination', 'Deeds', 'Persons', 'Records'], report.destinations.filter(({ name }) => name !== '').map((total) => totalRow(total, total.name)), { most: MOST_ROWS, file: 'scope.json' })}</section>\n`;
}

export function whoBelongs({ links }: ScopeReport): Html {
  const rows = links.map((link) => [entityName(link.to), reasonOf(link), link.from === undefined ? '' : entityName(link.from), percent(link.confidence), minute(link.sinceMs), link.followed ? 'yes' : 'no', link.doubt]);
  return html`<section aria-labelledby="who"><h2 id="who">Who did it</h2>
${linksPicture(links) ?? NOTHING}
${table('What belongs to the breach, and why', ['What', 'Why', 'By way of', 'Confidence', 'Since', 'Followed', 'Doubt'], rows, { most: MOST_LINKS, file: 'links.ndjson' })}</section>\n`;
}

function reasonOf({ reason }: ScopeLink): string {
  return REASON_TEXT[reason];
}

function totalRow({ deeds, subjects, records }: ScopeTotal, name: string): readonly (string | number)[] {
  return [name, deeds, subjects, records];
}

export function whoseData({ subjects, classes, fields, jurisdictions }: ScopeReport): Html {
  const byKind = new Map<string, { persons: number; read: number; changed: number; exported: number; sentOut: number }>();
  for (const { kind, read, changed, exported, sentOut } of subjects) {
    const total = byKind.get(kind) ?? { persons: 0, read: 0, changed: 0, exported: 0, sentOut: 0 };
    byKind.set(kind, { persons: total.persons + 1, read: total.read + one(read), changed: total.changed + one(changed), exported: total.exported + one(exported), sentOut: total.sentOut + one(sentOut) });
  }
  const kinds = [...byKind].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, t]) => [kind, t.persons, t.read, t.changed, t.exported, t.sentOut]);
  const rest = { most: MOST_ROWS, file: 'scope.json' };
  return html`<section aria-labelledby="whose"><h2 id="whose">Whose data, and which</h2>
<p>Persons are tokens: keyed hashes that only the site, or its owner's deployment, can lead back to a person. ${count(subjects.length)} are in subjects.ndjson, each with the events that touched it; recipients.sealed is the list for the site's own notice.</p>
${table('Persons, and what was done to data of how many', ['Kind', 'Persons', 'Read', 'Changed', 'Exported', 'Sent out'], kinds, rest)}
${table('Kinds of data', ['Data', 'Deeds', 'Persons', 'Records'], classes.map((total) => totalRow(total, className(total.name))), rest)}
${table('Fields', ['Field', 'Deeds', 'Persons', 'Records'], fields.map((total) => totalRow(total, total.name)), rest)}
${table('Countries of the persons', ['Country', 'Deeds', 'Persons', 'Records'], jurisdictions.map((total) => totalRow(total, total.name === '' ? 'not known' : total.name)), rest)}</section>\n`;
}

function one(deeds: number): number {
  return deeds > 0 ? 1 : 0;
}

export function whatNot({ untouched }: ScopeReport): Html {
  return html`<section aria-labelledby="not"><h2 id="not">What was not touched</h2>
<p>The trail knows ${counted(untouched.knownSubjects, 'person')} of this site; ${count(untouched.untouchedSubjects)} of them no deed of this scope names. Kinds of data that the site holds and no deed touched: ${untouched.classes.length === 0 ? 'none' : untouched.classes.map(className).join(', ')}. Ways that were not used: ${untouched.hows.length === 0 ? 'none' : untouched.hows.join(', ')}.</p></section>\n`;
}

export function howSure({ gaps, trust, coverage }: ScopeReport): Html {
  const gapRows = gaps.map(({ kind, stream, fromMs, toMs, count: lines, couldHide }) => [kind.replaceAll('-', ' '), stream, minute(fromMs), minute(toMs), lines === 0 ? 'not known' : count(lines), couldHide]);
  const trustRows = trust.map(({ provenance, stream, events, worth, forgeableFromMs }) => [provenance, stream, events, worth, forgeableFromMs === undefined ? 'no sign of it' : `from ${minute(forgeableFromMs)}`]);
  const rest = { most: MOST_ROWS, file: 'scope.json' };
  return html`<section aria-labelledby="sure"><h2 id="sure">How sure this is</h2>
${table('Gaps in the evidence, and what could hide in them', ['Gap', 'Stream', 'From', 'To', 'Lines', 'Could hide'], gapRows, { most: MOST_ROWS, file: 'gaps.json' })}
${table('Sources, and how far each is to be trusted', ['Provenance', 'Stream', 'Events', 'Worth', 'Could be forged'], trustRows, rest)}
<h3>Coverage</h3>
<p>Every batch that was received from ${time(coverage.receivedFromMs)} to ${time(coverage.receivedToMs)} is accounted for: ${counted(coverage.blocks, 'batch', 'batches')} of ${counted(coverage.lines, 'line')}, ${count(coverage.stored)} stored, ${count(coverage.deadLetters)} put aside as unreadable, ${count(coverage.missingLines)} missing between batches. The store holds ${counted(coverage.eventsCounted, 'event')} of this time${coverage.eventsCounted === coverage.stored ? ', as many as were stored' : html`: <strong>not as many as were stored</strong>`}. Each batch is a line of coverage.ndjson.</p></section>\n`;
}

export function deedsInOrder({ deeds }: ScopeReport): Html {
  const rows = deeds.map((deed) => [deed.leaf, minute(deed.atMs), entityName(deed.by), deed.action, effectOf(deed), [deed.target, deed.destination].filter((text) => text !== '').join(' → '), deed.subjects, deed.records]);
  return html`<section aria-labelledby="deeds"><h2 id="deeds">The deeds, in order</h2>
${table('Each is an event of the trail, in timeline.ndjson and, whole, in evidence.ndjson', ['Event', 'When', 'By', 'Action', 'Effect', 'On', 'Persons', 'Records'], rows, { most: MOST_DEEDS, file: 'timeline.ndjson' })}</section>\n`;
}

export function howToCheck({ report, computed, newest, deploymentEntry, keys }: BundleInput): Html {
  const rules = report.rules.map(({ version, fromMs, toMs }) => [html`<code>${version}</code>`, minute(fromMs), minute(toMs)]);
  return html`<section aria-labelledby="check"><h2 id="check">How to check this</h2>
<p>Run <code>node verify.mjs</code> in the folder of this file, with Node 18 or later, on a machine without a network: it checks every file against the signed manifest, every evidence line against the signed checkpoint, and this report's lists against the evidence. README.txt says what that proves, and what not.</p>
<p>Checkpoint that all evidence stands under: ${count(computed.size)} events, root <code>${computed.root.toString('base64')}</code>. Newest when this was made: ${count(newest.size)} events. ${deploymentEntry === undefined ? 'The deployment log names neither yet.' : `Event ${deploymentEntry.evidence.leaf} of the deployment log, which outside witnesses may cosign, names one of them.`}</p>
<p>Keys to compare with what you have from elsewhere:</p>
<ul>${keys.checkpoint.map(({ verifier, fromMs }) => html`<li><code>${verifier}</code> since ${time(fromMs)}</li>`)}</ul>
${table('Rule sets that judged the window; each is a file in rules/', ['Version', 'First used', 'Last used'], rules, { most: MOST_ROWS, file: 'scope.json' })}</section>\n`;
}
