import type { ScopeReport } from '../../../contracts/scope.ts';
import { touches } from '../../scope/touched-people.ts';
import type { BundleInput } from '../bundle-input.ts';
import { clocksOf } from './clocks.ts';
import { html, NOTHING } from './html.ts';
import type { Html } from './html.ts';
import { table } from './table.ts';
import { className, count, counted, entityName, listed, percent, time } from './words.ts';

const NAMED_CLASSES = 6;

/** The first page: what someone reads who reads no other. */
export function summary({ report, deployment, computed }: BundleInput): Html {
  const { request, deeds, subjects, classes, links, firstMs, lastMs } = report;
  const records = deeds.filter(touches).reduce((sum, deed) => sum + deed.records, 0);
  return html`<header>
<h1>Breach scope: ${request.site}</h1>
<p class="under">Asked for: ${request.seed.kind} <strong>${request.seed.value}</strong>, ${time(request.fromMs)} to ${time(request.toMs)}. Made by ${deployment} from the trail up to ${time(report.asOfMs)}, ${count(computed.size)} events under a signed checkpoint. Times are UTC.</p>
</header>
<ul class="figures">
<li><strong>${count(subjects.length)}</strong><span>${subjects.length === 1 ? 'person' : 'persons'} whose data was touched</span></li>
<li><strong>${count(records)}</strong><span>records touched${report.unnamedRecords === 0 ? '' : `, ${count(report.unnamedRecords)} of them without the person named`}</span></li>
<li><strong>${count(deeds.length)}</strong><span>deeds by ${counted(links.filter(({ followed }) => followed).length, 'account, session, key, address or plugin', 'accounts, sessions, keys, addresses and plugins')}</span></li>
<li><strong>${count(classes.length)}</strong><span>${classes.length === 1 ? 'kind' : 'kinds'} of data</span></li>
</ul>
<section aria-labelledby="short"><h2 id="short">In short</h2>
<p class="lead">${deeds.length === 0 ? 'The trail holds no deed of what was asked for in this time.' : `Between ${time(firstMs)} and ${time(lastMs)}, ${whoDid(report)} ${whatHappened(report)}.`}</p>
<p>${whichData(report)}</p>
<p>${howSure(report)}</p>
<p>${whatNot(report)}</p>
${report.takenOver === undefined ? NOTHING : html`<p class="warn"><strong>The site itself was in others' hands from ${time(report.takenOver.sinceMs)} on</strong> (${report.takenOver.why}, event ${report.takenOver.leaf}). What it shipped since then could have been forged; what it shipped before could not.</p>`}
${gapsInShort(report)}
</section>
<section aria-labelledby="clocks"><h2 id="clocks">Clocks that usually run</h2>
${clocksTable(report)}</section>`;
}

function whoDid({ request, links }: ScopeReport): string {
  const others = links.filter(({ followed, from }) => followed && from !== undefined).length;
  const seed = links.find(({ from }) => from === undefined)?.to;
  const who = seed === undefined ? `${request.seed.kind} ${request.seed.value}` : entityName(seed);
  return others === 0 ? who : `${who} and ${others} more that belong to it`;
}

function whatHappened({ subjects, unnamedRecords }: ScopeReport): string {
  const some = (which: 'read' | 'changed' | 'exported' | 'sentOut', did: string): readonly string[] => {
    const persons = subjects.filter((subject) => subject[which] > 0).length;
    return persons === 0 ? [] : [`${did} data of ${counted(persons, 'person')}`];
  };
  const parts = [...some('read', 'read'), ...some('changed', 'changed'), ...some('exported', 'exported'), ...some('sentOut', 'sent out')];
  const unnamed = unnamedRecords === 0 ? '' : `. ${counted(unnamedRecords, 'further record')} ${unnamedRecords === 1 ? 'was' : 'were'} touched whose person no event names`;
  return `${parts.length === 0 ? 'touched data of no named person' : listed(parts)}${unnamed}`;
}

function whichData({ classes, jurisdictions }: ScopeReport): string {
  const most = classes.toSorted((a, b) => b.subjects - a.subjects || (a.name < b.name ? -1 : 1)).slice(0, NAMED_CLASSES);
  const named = most.map(({ name, subjects }) => `${className(name)} (${counted(subjects, 'person')})`);
  const data = named.length === 0 ? 'No kind of data is known.' : `The data: ${listed(named)}${classes.length > most.length ? `, and ${classes.length - most.length} more kinds` : ''}.`;
  const where = jurisdictions.filter(({ name }) => name !== '').map(({ name, subjects }) => `${name} (${count(subjects)})`);
  return `${data} ${where.length === 0 ? 'Where the persons live is not known.' : `Persons by country, where known: ${listed(where)}.`}`;
}

function howSure({ subjects, trust, request }: ScopeReport): string {
  const certain = subjects.filter(({ confidence }) => confidence >= 0.9).length;
  const least = subjects.reduce((low, { confidence }) => Math.min(low, confidence), 1);
  const signed = trust.filter(({ provenance }) => provenance === 'plugin' || provenance === 'system').reduce((sum, { events }) => sum + events, 0);
  const events = trust.reduce((sum, source) => sum + source.events, 0);
  const persons = subjects.length === 0 ? '' : `${count(certain)} of ${counted(subjects.length, 'person')} belong with a confidence of 90 % or more${least < 0.9 ? `, all with at least ${percent(least)}` : ''}. `;
  return `How sure: ${persons}Links below ${percent(request.leastConfidence)} are shown, but not followed. ${events === 0 ? '' : `${percent(signed / events)} of the window's events came through a signed chain.`}`;
}

function whatNot({ untouched, gaps }: ScopeReport): string {
  const persons = `Not touched: ${count(untouched.untouchedSubjects)} of ${counted(untouched.knownSubjects, 'person')} that the trail knows`;
  const classes = untouched.classes.length === 0 ? '' : `; of kinds of data: ${listed(untouched.classes.map(className))}`;
  return `${persons}${classes}. ${gaps.length === 0 ? 'The trail of the window has no gap.' : 'That is as sure as the gaps below allow.'}`;
}

function gapsInShort({ gaps }: ScopeReport): Html {
  if (gaps.length === 0) return NOTHING;
  return html`<p class="warn"><strong>${counted(gaps.length, 'gap')} in the evidence.</strong> ${(gaps[0]?.couldHide ?? '').replace(/\.?$/, '.')}${gaps.length > 1 ? ' All are listed below, each with what it could hide.' : ''}</p>`;
}

function clocksTable(report: ScopeReport): Html {
  const clocks = clocksOf(report);
  const rows = clocks.map(({ where, rule, when }) => [where, rule, when]);
  return html`${table('By where the persons live and which data it is', ['Where', 'Rule', 'Who is told, and by when'], rows, { most: 20, file: 'this report' })}
<p class="more">Facts, no advice: which apply, and since when, is for counsel to say.${report.subjects.some(({ jurisdiction }) => jurisdiction === '') ? ' Where a country is not known, the rule of the EU and EEA stands for it.' : ''}</p>`;
}
