import type { ActColumns, TouchedSubject } from '../../../contracts/acts.ts';
import type { MaskedSpan } from '../../../contracts/masked-span.ts';
import type { Provenance } from '../../../contracts/provenance.ts';
import { fields, text, whole } from '../../derivation/v1/event-field.ts';
import type { Fields } from '../../derivation/v1/event-field.ts';
import { bounded, namesOf } from './bounded.ts';
import { howOf } from './how.ts';
import { masksOf } from './masks-of.ts';
import { subjectsOf } from './subjects.ts';
import { keyOf, NO_TARGET, targetOf } from './target.ts';

/** One deed and the persons it touched. */
export interface DerivedAct {
  readonly act: ActColumns;
  readonly subjects: readonly TouchedSubject[];
}

const MOST = Number.MAX_SAFE_INTEGER;
/** A key these make is what they are done to, not what acted. */
const MAKES_KEY: ReadonlySet<string> = new Set(['application-password-created', 'api-key-created']);
const NOBODY = { actor: '', role: '', session: '', key: '', plugin: '' } as const;
const NOTHING = { how: '', target_kind: '', target: '', destination: '', region: '', batch: '' } as const;

/**
 * Version 1 of the derivation of `contracts/acts.ts`. Frozen. `event`: the parsed masked line; `masks`: what `masksOf` finds
 * in its text. Undefined for what is no deed.
 *
 * Names nested, or dotted at the top; nested wins. Texts are cut at 256 UTF-16 units, lists at 64 names. A finding of our own
 * (`event.kind: "alert"`) is nobody's deed: the names in it are those it is grouped by.
 */
export function deriveAct(event: unknown, provenance: Provenance, masks: readonly MaskedSpan[]): DerivedAct | undefined {
  const e = fields(event);
  const signed = provenance === 'plugin' || provenance === 'system';
  const subjects = subjectsOf(e, provenance, masks);
  if (!signed && subjects.length === 0) return undefined;
  const what = fields(e['event']);
  const category = bounded(text(what['category'] ?? e['event.category']));
  const action = bounded(text(what['action'] ?? e['event.action']));
  const common = {
    address: bounded(text(fields(e['source'])['ip'] ?? e['source.ip'] ?? fields(e['client'])['ip'] ?? e['client.ip'])),
    category, action, outcome: bounded(text(what['outcome'] ?? e['event.outcome'])), subjects: subjects.length,
  };
  if (!signed) return { act: { ...NOBODY, ...NOTHING, ...common, classes: classesOf([], masks), fields: [], records: subjects.length }, subjects };
  const wordpress = fields(e['wordpress']);
  const data = fields(wordpress['data']);
  const records = recordsOf(e, wordpress, data, subjects.length);
  const finding = provenance === 'system' && text(what['kind'] ?? e['event.kind']) === 'alert';
  const who = finding ? NOBODY : whoOf(e, wordpress, action);
  const destination = fields(e['destination']);
  const act: ActColumns = {
    ...who, ...(finding ? NO_TARGET : targetOf(e, provenance, category, MAKES_KEY.has(action))), ...common,
    how: howOf(provenance, category, action, text(fields(wordpress['request'])['kind'] ?? e['wordpress.request.kind']), records),
    destination: bounded(text(destination['domain'] ?? e['destination.domain'] ?? destination['registered_domain'] ?? e['destination.registered_domain'])),
    region: bounded(text(fields(wordpress['outbound'])['region'] ?? e['wordpress.outbound.region'])),
    classes: classesOf(data['classes'] ?? e['wordpress.data.classes'], masks), fields: namesOf(data['fields'] ?? e['wordpress.data.fields']),
    records, batch: bounded(text(what['id'] ?? e['event.id'])),
  };
  return { act, subjects };
}

/** The same of a line as it is stored; undefined also for a line that is no JSON. */
export function deriveActOf(line: string, provenance: Provenance): DerivedAct | undefined {
  try {
    return deriveAct(JSON.parse(line), provenance, masksOf(line));
  } catch {
    return undefined;
  }
}

function whoOf(e: Fields, wordpress: Fields, action: string): Pick<ActColumns, 'actor' | 'role' | 'session' | 'key' | 'plugin'> {
  const user = fields(e['user']);
  return {
    actor: bounded(text(user['name'] ?? e['user.name'])),
    role: bounded(text(user['roles'] ?? e['user.roles'])),
    session: bounded(text(fields(wordpress['session'])['hash'] ?? e['wordpress.session.hash'])),
    key: MAKES_KEY.has(action) ? '' : keyOf(e),
    plugin: bounded(text(fields(wordpress['plugin'])['slug'] ?? e['wordpress.plugin.slug'])),
  };
}

const CLASS = /^[a-z0-9_]+(?:\.[a-z0-9_]+)*$/;

/** Those the event names and those of masks, sorted, each once. */
function classesOf(named: unknown, masks: readonly MaskedSpan[]): readonly string[] {
  const said = namesOf(named).filter((name) => CLASS.test(name));
  if (masks.length === 0) return said;
  return [...new Set([...said, ...masks.map(({ dataClass }) => bounded(dataClass))])].toSorted();
}

/** `wordpress.data.records`; without it the largest count that a read, export or message says. No less than the persons it names. */
function recordsOf(e: Fields, wordpress: Fields, data: Fields, persons: number): number {
  const said = data['records'] ?? e['wordpress.data.records'];
  if (said !== undefined) return Math.max(whole(said, MOST), persons);
  const woocommerce = fields(e['woocommerce']);
  return Math.max(
    persons,
    whole(fields(woocommerce['export'])['rows'] ?? e['woocommerce.export.rows'], MOST),
    whole(fields(woocommerce['list'])['count'] ?? e['woocommerce.list.count'], MOST),
    whole(fields(wordpress['query'])['rows'] ?? e['wordpress.query.rows'], MOST),
    whole(fields(wordpress['response'])['subjects'] ?? e['wordpress.response.subjects'], MOST),
    whole(fields(wordpress['request'])['subjects'] ?? e['wordpress.request.subjects'], MOST),
  );
}
