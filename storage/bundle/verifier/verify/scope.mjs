import { Mismatch, bytesOf, linesOf, parse, rowsOf, sha256 } from './files.mjs';
import { openTrusted } from './notes.mjs';

/** That what the report says follows from the evidence, as far as a machine can tell. */

/** A list of scope.json and its file say the same, row for row. */
export function checkTwin({ files }, file, list) {
  const lines = Array.from(linesOf(bytesOf(files, file)), String);
  const wanted = list.map((row) => JSON.stringify(row));
  const at = lines.findIndex((line, i) => line !== wanted[i]);
  if (at >= 0) throw new Mismatch(file, at + 1, 'is not what scope.json says');
  if (lines.length !== wanted.length) throw new Mismatch(file, lines.length, `ends too early: scope.json has ${wanted.length} rows`);
}

/** Where a line says who did what from where, as docs/events.md has it. Each may be nested or dotted. */
const SAID = { category: ['event.category'], action: ['event.action'], outcome: ['event.outcome'], actor: ['user.name'], session: ['wordpress.session.hash'], address: ['source.ip', 'client.ip'] };
/** Outcome of a failure that was denied before anything left. */
const REFUSED = 'refused';
const MOST_UNITS = 256;
const PLAIN_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

function valueAt(event, name) {
  let value = event;
  for (const part of name.split('.')) value = typeof value === 'object' && value !== null ? value[part] : undefined;
  return value ?? event[name];
}

/** A text, number or switch as text, of a list its first entry; cut, and without what UTF-8 cannot say. */
function textOf(value) {
  const one = Array.isArray(value) ? value[0] : value;
  return ['string', 'number', 'boolean'].includes(typeof one) ? Buffer.from(String(one).slice(0, MOST_UNITS)).toString() : '';
}

/**
 * What a deed tells that its line does not say; undefined when nothing. Lenient where readers of one line may differ: a
 * sender who writes odd lines must not make the bundle look changed.
 */
function untrue(deed, { line, receivedAtMs }) {
  const event = Object(JSON.parse(line));
  const time = event['@timestamp'];
  // A time that is none, or to come, is that of the receipt.
  const times = [Math.min(typeof time === 'string' && PLAIN_TIME.test(time) ? Date.parse(time) : NaN, receivedAtMs), receivedAtMs];
  if (!times.includes(NaN) && times.every((one) => Math.abs(one - deed.atMs) > 1)) return 'atMs';
  return Object.keys(SAID).find((name) => {
    const said = textOf(SAID[name].map((one) => valueAt(event, one)).find((value) => value !== undefined && value !== null));
    const isDenied = name === 'outcome' && deed.outcome === REFUSED && said === 'failure' && /denied|\\u00/.test(line);
    return said !== deed[name] && !isDenied;
  });
}

/** Of an event stored before there was a read model: no session, key or way is told of it, and it touches nothing. */
function isBare(deed) {
  return ['role', 'session', 'key', 'plugin', 'how', 'target', 'destination'].every((name) => deed[name] === '') && deed.records === 0 && deed.subjects === 0;
}

/** Each deed has its line, tells its receipt and, of the site's plugin, what it says; each link its evidence. */
export function checkDeeds({ deeds, links, takenOver }, evidence) {
  deeds.forEach((deed, i) => {
    const { leaf, receivedAtMs, provenance } = deed;
    const row = evidence.get(leaf);
    if (row === undefined) throw new Mismatch('timeline.ndjson', i + 1, `has no line in evidence.ndjson (leaf ${leaf})`);
    if (row.expired !== undefined) return;
    if (row.receivedAtMs !== receivedAtMs || row.provenance !== provenance) throw new Mismatch('timeline.ndjson', i + 1, 'tells another receipt or provenance than its line');
    const wrong = provenance === 'plugin' && row.redaction === undefined && !isBare(deed) ? untrue(deed, row) : undefined;
    if (wrong !== undefined) throw new Mismatch('timeline.ndjson', i + 1, `tells another ${wrong} than its line`);
  });
  links.forEach((link, i) => {
    if (link.evidence.some((leaf) => !evidence.has(leaf))) throw new Mismatch('links.ndjson', i + 1, 'names a leaf that has no line in evidence.ndjson');
  });
  if (takenOver !== undefined && !evidence.has(takenOver.leaf)) throw new Mismatch('scope.json', 0, 'takenOver names a leaf that has no line in evidence.ndjson');
}

/** What a deed did to the data it touched, by `how` it did it. Whatever is not here, it read. */
const TOUCHES = { change: 'changed', export: 'exported', backup: 'exported', download: 'exported', ai: 'sentOut', mail: 'sentOut', outbound: 'sentOut' };

function touchOf({ how }) {
  return Object.hasOwn(TOUCHES, how) ? TOUCHES[how] : 'read';
}

/** What failed showed nothing; but what was sent had left before it failed, unless it was refused before it could. */
function touchesData(deed) {
  return touchOf(deed) === 'sentOut' ? deed.outcome !== REFUSED : deed.outcome !== 'failure';
}

/** Each person has deeds, is named in the line of each, and is counted by them. */
export function checkSubjects({ deeds, subjects }, evidence) {
  const byLeaf = new Map(deeds.map((deed) => [deed.leaf, { deed, persons: [] }]));
  subjects.forEach((person, i) => {
    const counted = { read: 0, changed: 0, exported: 0, sentOut: 0, firstMs: Infinity, lastMs: -Infinity };
    for (const leaf of person.evidence) {
      const found = byLeaf.get(leaf);
      if (found === undefined) throw new Mismatch('subjects.ndjson', i + 1, `names a deed that is not in the timeline (leaf ${leaf})`);
      found.persons.push([person.subject, i + 1]);
      counted[touchOf(found.deed)]++;
      counted.firstMs = Math.min(counted.firstMs, found.deed.atMs);
      counted.lastMs = Math.max(counted.lastMs, found.deed.atMs);
    }
    const wrong = Object.keys(counted).find((name) => counted[name] !== person[name]);
    if (wrong !== undefined) throw new Mismatch('subjects.ndjson', i + 1, `${wrong} does not follow from its deeds`);
  });
  for (const [leaf, { persons }] of byLeaf) {
    const { line, redaction } = evidence.get(leaf);
    // An expired line is gone; what was redacted may have been the person's name.
    if (line === undefined || redaction !== undefined || persons.length === 0) continue;
    const named = namesIn(line);
    for (const [subject, at] of persons) if (!named.has(subject)) throw new Mismatch('subjects.ndjson', at, `is not named in the line of leaf ${leaf}`);
  }
}

/** Whatever could be a person's token. A sender may write letters as escapes: what counts is what the text says. */
function namesIn(line) {
  return new Set((/\\u00/.test(line) ? JSON.stringify(JSON.parse(line)) : line).match(/[a-p]{24}/g));
}

/** What the report counts by name adds up from its deeds and persons. */
export function checkTotals(scope) {
  const deeds = scope.deeds.filter(touchesData);
  for (const list of ['classes', 'fields']) checkTotal(list, scope[list], deeds, (deed) => deed[list], scope.subjects);
  checkTotal('destinations', scope.destinations, deeds, ({ destination }) => (destination === '' ? [] : [destination]));
  const unnamed = deeds.reduce((sum, { records, subjects }) => sum + Math.max(0, records - subjects), 0);
  if (unnamed !== scope.unnamedRecords) throw new Mismatch('scope.json', 0, `unnamedRecords is ${scope.unnamedRecords}; the timeline has ${unnamed}`);
}

/** `persons`: whose own lists of the same name are counted, too. */
function checkTotal(list, totals, deeds, namesOf, persons) {
  const counted = new Map(totals.map(({ name }) => [name, { deeds: 0, records: 0, subjects: 0 }]));
  const count = (name, what, by) => {
    const total = counted.get(name);
    if (total === undefined) throw new Mismatch('scope.json', 0, `${list} lacks "${name}"`);
    total[what] += by;
  };
  for (const deed of deeds) {
    for (const name of new Set(namesOf(deed))) {
      count(name, 'deeds', 1);
      count(name, 'records', deed.records);
    }
  }
  for (const person of persons ?? []) for (const name of new Set(person[list])) count(name, 'subjects', 1);
  for (const total of totals) {
    const own = counted.get(total.name);
    if (own.deeds !== total.deeds || own.records !== total.records || (persons !== undefined && own.subjects !== total.subjects)) throw new Mismatch('scope.json', 0, `${list}: what is counted of "${total.name}" does not add up`);
  }
}

/** Each batch of the time is accounted for, each continues its chain, and each gap is the report's. */
export function checkCoverage({ files }, { coverage, gaps }) {
  const sums = { blocks: 0, lines: 0, stored: 0, deadLetters: 0 };
  let before;
  rowsOf(files, 'coverage.ndjson').forEach((batch, i) => {
    const { lines, stored, dead } = batch;
    if (before !== undefined && isNext(before, batch) && before.head !== batch.previous_head) throw new Mismatch('coverage.ndjson', i + 1, 'does not continue the batch before: its chain is broken');
    before = batch;
    sums.blocks++;
    sums.lines += lines;
    sums.stored += stored;
    sums.deadLetters += dead;
  });
  for (const [name, sum] of Object.entries(sums)) if (coverage[name] !== sum) throw new Mismatch('coverage.ndjson', 0, `${name} add up to ${sum}; scope.json says ${coverage[name]}`);
  if (JSON.stringify(parse(bytesOf(files, 'gaps.json'), 'gaps.json')) !== JSON.stringify(gaps)) throw new Mismatch('gaps.json', 0, 'is not what scope.json says');
}

/** Whether no line of their chain is between two batches. Where some are, they are missing, or came at another time. */
function isNext(before, batch) {
  return before.stream === batch.stream && before.epoch === batch.epoch && before.first_seq + before.lines === batch.first_seq;
}

/** The rule sets that judged the window are the sealed ones: their names are their hashes. */
export function checkRules({ files }, { rules }) {
  for (const { version } of rules) {
    const bytes = files.get(`rules/${version}.json`);
    if (bytes === undefined || sha256(bytes).toString('hex') !== version) throw new Mismatch(`rules/${version}.json`, 0, 'is missing, or is another rule set than that which judged the window');
  }
}

/** The statement of where data went, where there is one, is signed. */
export function checkStatement({ files, trusted, site }) {
  if (!files.has('statement.note')) return;
  const { lines } = openTrusted('statement.note', 0, bytesOf(files, 'statement.note'), trusted);
  const digest = `sha256 ${sha256(bytesOf(files, 'statement.json')).toString('base64')}`;
  if (lines[1] !== 'data-flow' || lines[2] !== site || !lines.includes(digest)) throw new Mismatch('statement.note', 0, 'is not signed for statement.json');
}
