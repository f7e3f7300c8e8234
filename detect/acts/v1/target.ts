import { TARGET_KINDS } from '../../../contracts/acts.ts';
import type { ActColumns, TargetKind } from '../../../contracts/acts.ts';
import { isName, SYSTEM_SITE } from '../../../contracts/names.ts';
import type { Provenance } from '../../../contracts/provenance.ts';
import { fields, text } from '../../derivation/v1/event-field.ts';
import type { Fields } from '../../derivation/v1/event-field.ts';
import { bounded } from './bounded.ts';

export type Target = Pick<ActColumns, 'target_kind' | 'target'>;

export const NO_TARGET: Target = { target_kind: '', target: '' };

/** Categories of what leaves the site: it is done to the host it goes to. */
const SENT: ReadonlySet<string> = new Set(['outbound', 'ai', 'email']);

/** The application password or REST key a line names. */
export function keyOf(e: Fields): string {
  return bounded(text(fields(fields(e['wordpress'])['key'])['id'] ?? e['wordpress.key.id']));
}

/** What a deed was done to: what it names itself, otherwise the first of the fields that say so. */
export function targetOf(e: Fields, provenance: Provenance, category: string, makesKey: boolean): Target {
  if (provenance === 'system') return ownTarget(fields(fields(e['tourniquet'])['target']));
  const wordpress = fields(e['wordpress']);
  const said = fields(wordpress['target']);
  const kind = kindOf(said['kind'] ?? e['wordpress.target.kind']);
  if (kind !== '') return { target_kind: kind, target: bounded(text(said['name'] ?? e['wordpress.target.name'])) };
  const made = makesKey ? keyOf(e) : '';
  if (made !== '') return { target_kind: 'key', target: made };
  const host = text(fields(e['destination'])['domain'] ?? e['destination.domain']);
  if (host !== '' && SENT.has(category)) return { target_kind: 'host', target: bounded(host) };
  return fromFields(e, wordpress, category, host);
}

function fromFields(e: Fields, wordpress: Fields, category: string, host: string): Target {
  const user = text(fields(fields(e['user'])['target'])['name'] ?? e['user.target.name']);
  if (user !== '') return { target_kind: 'user', target: bounded(user) };
  const option = text(fields(wordpress['option'])['name'] ?? e['wordpress.option.name'] ?? fields(wordpress['constant'])['name'] ?? e['wordpress.constant.name']);
  if (option !== '') return { target_kind: 'option', target: bounded(option) };
  const role = text(fields(wordpress['role'])['name'] ?? e['wordpress.role.name']);
  if (role !== '') return { target_kind: 'role', target: bounded(role) };
  const woocommerce = fields(e['woocommerce']);
  const order = text(fields(woocommerce['order'])['id'] ?? e['woocommerce.order.id']);
  if (order !== '') return { target_kind: 'order', target: bounded(order) };
  const file = fields(e['file']);
  const path = text(file['path'] ?? e['file.path'] ?? file['name'] ?? e['file.name'] ?? fields(woocommerce['export'])['format'] ?? e['woocommerce.export.format']);
  if (path !== '') return { target_kind: 'file', target: bounded(path) };
  const theme = text(fields(wordpress['theme'])['slug'] ?? e['wordpress.theme.slug']);
  if (theme !== '') return { target_kind: 'theme', target: bounded(theme) };
  const plugin = category === 'configuration' ? text(fields(wordpress['plugin'])['slug'] ?? e['wordpress.plugin.slug']) : '';
  if (plugin !== '') return { target_kind: 'plugin', target: bounded(plugin) };
  return host === '' ? NO_TARGET : { target_kind: 'host', target: bounded(host) };
}

/** Of our own acts: `name`, or `site/name` where it stands in another site than our own. */
function ownTarget(target: Fields): Target {
  const kind = kindOf(target['kind']);
  const name = text(target['name']);
  const { site } = target;
  const elsewhere = kind !== 'site' && isName(site) && site !== SYSTEM_SITE && name !== '';
  return kind === '' ? NO_TARGET : { target_kind: kind, target: bounded(elsewhere ? `${site}/${name}` : name) };
}

function kindOf(value: unknown): TargetKind {
  return TARGET_KINDS.find((kind) => kind === value) ?? '';
}
