import { normalise, tokenOf } from '../../contracts/token.ts';
import type { IdentifierKind } from '../../contracts/token.ts';
import type { Recipient } from '../../storage/bundle/recipients.ts';
import { UsageError } from '../usage-error.ts';
import type { CsvRow } from './csv-rows.ts';

export interface AffectedRow {
  readonly row: CsvRow;
  readonly recipient: Recipient;
}

export interface Lookup {
  /** The person of a row, or undefined. */
  find(row: CsvRow): AffectedRow | undefined;
  /** Persons found so far, each once. */
  found(): number;
}

/** `keys`: the site's token keys, of every epoch: which epoch a token is of, it does not say. `column`: from 0. */
export function createLookup(recipients: readonly Recipient[], keys: readonly Uint8Array[], kind: IdentifierKind, column: number): Lookup {
  const byToken = new Map(recipients.map((recipient) => [recipient.token, recipient]));
  const found = new Set<string>();
  return {
    find(row) {
      const value = row.cells[column] ?? '';
      // An empty cell has a token, too: it is nobody's.
      if (normalise(kind, value) === '') return undefined;
      for (const key of keys) {
        const recipient = byToken.get(tokenOf(key, kind, value));
        if (recipient === undefined) continue;
        found.add(recipient.token);
        return { row, recipient };
      }
      return undefined;
    },
    found: () => found.size,
  };
}

/** What columns of an identifier are usually called, in order. */
const USUAL: Readonly<Record<IdentifierKind, readonly string[]>> = {
  email: ['email', 'e-mail', 'mail', 'email address', 'user_email', 'billing_email', 'billing email', 'customer_email', 'customer email'],
  phone: ['phone', 'telephone', 'billing_phone', 'billing phone', 'customer_phone', 'mobile'],
  digits: [], alphanumeric: [], text: [],
};
/** A head that looks like this is no value of a person: it may be named in an error. */
const HARMLESS = /^[A-Za-z][A-Za-z _.-]{0,39}$/;

/** Index of the column with this head, or of the first usual one; letter case does not count. Throws UsageError. */
export function columnOf(heads: readonly string[], kind: IdentifierKind, named: string | undefined): number {
  const lower = heads.map((head) => head.trim().toLowerCase());
  const index = named === undefined ? (USUAL[kind].map((usual) => lower.indexOf(usual)).find((at) => at >= 0) ?? -1) : lower.indexOf(named.trim().toLowerCase());
  if (index >= 0) return index;
  const known = heads.filter((head) => HARMLESS.test(head)).map((head) => `"${head}"`).join(', ');
  throw new UsageError(`${named === undefined ? `no column looks like ${kind}: name it with --column` : 'the first row of the export has no such column'}${known === '' ? '; the first row must hold the columns\' names' : `; there are ${known}`}`);
}
