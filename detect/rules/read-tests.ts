import type { Node, Pair } from 'yaml';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { didYouMean } from '../sigma/language/nearest.ts';
import type { Hint, RuleText, Span } from '../sigma/language/rule-text.ts';
import { ruleText } from '../sigma/language/rule-text.ts';
import type { Problem, RuleFile } from '../sigma/rule.ts';
import type { ExpectedFinding, Expectation, RuleTest, TestEvent } from './rule-test.ts';
import { testEvents } from './test-events.ts';

const KEYS = ['title', 'rule', 'given', 'scan', 'logsource', 'event', 'events', 'matches', 'fires'] as const;
const SCAN_KEYS = ['rule', 'class', 'level', 'field', 'view'] as const;
const LOGSOURCE_KEYS = ['category', 'product', 'service'] as const;
const MOST_ALIASES = 100;

/** Reads a file of tests. Every problem is told; a test with a problem is left out. */
export function readTests(file: RuleFile): { readonly tests: readonly RuleTest[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const text = ruleText(file.file, file.text, problems);
  const document = parseDocument(file.text, { prettyErrors: false });
  for (const { pos, message } of document.errors) text.report({ start: pos[0], end: pos[1] }, `YAML: ${message.split('\n')[0] ?? ''}`);
  if (problems.length > 0) return { tests: [], problems };
  if (!isSeq(document.contents)) {
    text.report(spanOf(document.contents), 'a file of tests is a list', 'begin with `- title:`');
    return { tests: [], problems };
  }
  const tests: RuleTest[] = [];
  for (const item of document.contents.items as readonly Node[]) { // parsed sequences hold nodes
    const before = problems.length;
    const test = testOf(text, item, (node) => node.toJS(document, { maxAliasCount: MOST_ALIASES }));
    if (test !== undefined && problems.length === before) tests.push(test);
  }
  return { tests, problems };
}

type Fields = Readonly<Record<string, unknown>>;

/** A test's keys while it is read: their values, and where to point at. */
interface Parts {
  readonly text: RuleText;
  readonly values: Fields;
  /** Of a key, of the whole test where it is not there. */
  readonly span: (key: string) => Span;
}

function testOf(text: RuleText, item: Node, valueOf: (node: Node) => unknown): RuleTest | undefined {
  if (!isMap(item)) return refuse(text, spanOf(item), 'a test is a map', `its keys: ${KEYS.join(', ')}`);
  const nodes = new Map<string, Node>();
  let unknown = false;
  for (const { key, value } of item.items as readonly Pair<Node, Node | null>[]) { // parsed maps hold pairs of nodes
    const name = isScalar(key) ? String(key.value) : '';
    unknown ||= !KEYS.some((known) => known === name);
    if (!KEYS.some((known) => known === name)) text.report(spanOf(key), `a test has no \`${name.slice(0, 40)}\``, didYouMean(name, KEYS, `its keys: ${KEYS.join(', ')}`));
    else if (value !== null) nodes.set(name, value);
  }
  const values = unknown ? undefined : plain(text, item, nodes, valueOf);
  if (values === undefined) return undefined;
  const parts: Parts = { text, values, span: (key) => spanOf(nodes.get(key) ?? item) };
  const title = values['title'];
  if (typeof title !== 'string' || title === '') text.report(parts.span('title'), 'a test has a title', 'title: what it shows');
  const rule = values['rule'];
  if (rule !== undefined && typeof rule !== 'string') text.report(parts.span('rule'), 'rule is the id, name or title of a rule');
  const expected = expectedOf(parts);
  const events = eventsOf(parts);
  const logsource = logsourceOf(parts);
  if (expected === undefined || events === undefined || typeof title !== 'string') return undefined;
  return { place: text.place(spanOf(item)), title, rule: typeof rule === 'string' ? rule : undefined, events, logsource, expected };
}

/** undefined, and told, when aliases make too much of it. */
function plain(text: RuleText, item: Node, nodes: ReadonlyMap<string, Node>, valueOf: (node: Node) => unknown): Fields | undefined {
  try {
    return Object.fromEntries([...nodes].map(([name, node]) => [name, valueOf(node)]));
  } catch (error) {
    return refuse(text, spanOf(item), error instanceof Error ? error.message : 'cannot be read');
  }
}

function expectedOf({ text, values: { matches, fires }, span }: Parts): Expectation | undefined {
  if ((matches === undefined) === (fires === undefined)) return refuse(text, span(''), 'a test says either what `matches` or what `fires`', 'matches: true, or of a correlation fires: [{ at: 2 }]');
  if (typeof matches === 'boolean') return { kind: 'matches', matches };
  if (matches !== undefined) return refuse(text, span('matches'), '`matches` is true or false');
  if (typeof fires === 'number' && Number.isSafeInteger(fires) && fires >= 0) return { kind: 'fires', count: fires, fires: [] };
  if (!Array.isArray(fires)) return refuse(text, span('fires'), '`fires` is a count or a list', 'fires: [{ at: 2, group: { user.name: anna } }]');
  const findings = fires.map((finding: unknown) => findingOf(finding)).filter((finding) => finding !== undefined);
  if (findings.length < fires.length) return refuse(text, span('fires'), 'what fires has `at`, an index of the events, and `group`, fields with their texts', '{ at: 2, group: { user.name: anna } }');
  return { kind: 'fires', count: findings.length, fires: findings };
}

function findingOf(value: unknown): ExpectedFinding | undefined {
  if (!isFields(value) || !Object.keys(value).every((key) => key === 'at' || key === 'group')) return undefined;
  const { at, group = {} } = value;
  if (at !== undefined && !(typeof at === 'number' && Number.isSafeInteger(at) && at >= 0)) return undefined;
  if (!isFields(group)) return undefined;
  return { at, group: Object.fromEntries(Object.entries(group).map(([field, text]) => [field, String(text)])) };
}

function eventsOf({ text, values: { event, events, given, scan }, span }: Parts): readonly TestEvent[] | undefined {
  if ((event === undefined) === (events === undefined)) return refuse(text, span(''), 'a test has either `event` or `events`', 'event: { url.path: /shop/ }');
  const key = event === undefined ? 'events' : 'event';
  const list: unknown = event === undefined ? events : [event];
  if (!Array.isArray(list) || list.length === 0 || !list.every(isFields)) return refuse(text, span(key), event === undefined ? '`events` is a list of maps' : '`event` is a map of fields');
  if (given !== undefined && !isFields(given)) return refuse(text, span('given'), '`given` is a map of fields');
  if (scan !== undefined && !isFields(scan)) return refuse(text, span('scan'), '`scan` is a map', SCAN_KEYS.join(', '));
  const wrong = Object.keys(scan ?? {}).find((name) => !SCAN_KEYS.some((known) => known === name));
  if (wrong !== undefined) return refuse(text, span('scan'), `\`scan\` has no \`${wrong.slice(0, 40)}\``, didYouMean(wrong, SCAN_KEYS, SCAN_KEYS.join(', ')));
  const made = testEvents(list, given ?? {}, scan);
  return typeof made === 'string' ? refuse(text, span(key), made) : made;
}

function logsourceOf({ text, values: { logsource }, span }: Parts): RuleTest['logsource'] {
  if (logsource === undefined || logsource === 'any') return logsource;
  if (isFields(logsource) && Object.entries(logsource).every(([key, value]) => LOGSOURCE_KEYS.some((known) => known === key) && typeof value === 'string')) return logsource;
  return refuse(text, span('logsource'), '`logsource` is `any` or a log source', '{ category: webserver }');
}

/** Tells a problem; nothing comes of what has one. */
function refuse(text: RuleText, span: Span, message: string, hint?: Hint): undefined {
  text.report(span, message, hint);
  return undefined;
}

function spanOf(node: Node | undefined | null): Span {
  const [start, end] = node?.range ?? [0, 1];
  return { start, end };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
