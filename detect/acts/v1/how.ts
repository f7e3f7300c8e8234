import type { How } from '../../../contracts/acts.ts';
import type { Provenance } from '../../../contracts/provenance.ts';

/** Requests of programs, by `wordpress.request.kind`. */
const PROGRAMS: ReadonlySet<string> = new Set(['rest', 'graphql', 'xmlrpc']);
const PROGRAM_READS: ReadonlySet<string> = new Set(['rest-read', 'graphql-read', 'ajax-read']);
/** Acts of these categories write data, but for those that only read. */
const WRITES: ReadonlySet<string> = new Set(['database', 'payment', 'iam']);

/** How the deed touched data, by the acts of docs/rules.md; '' of one that touches none. */
export function howOf(provenance: Provenance, category: string, action: string, requestKind: string, records: number): How {
  if (provenance === 'system') return action === 'token-revealed' ? 'view' : '';
  if (category === 'data_access') return readOf(action, requestKind, records);
  if (category === 'data_export') return action === 'backup-created' ? 'backup' : action.endsWith('-downloaded') ? 'download' : 'export';
  if (category === 'outbound') return action === 'sms-sent' ? 'mail' : 'outbound';
  if (category === 'email') return 'mail';
  if (category === 'ai') return 'ai';
  if (!WRITES.has(category)) return '';
  if (action === 'table-read') return 'list';
  return 'change';
}

function readOf(action: string, requestKind: string, records: number): How {
  if (PROGRAM_READS.has(action) || PROGRAMS.has(requestKind)) return 'api';
  if (action.endsWith('-downloaded')) return 'download';
  return action.endsWith('-list-viewed') || records > 1 ? 'list' : 'view';
}
