import type { AuditQuery } from './audit-query.ts';
import { ParameterError } from './parameters.ts';

/** Where a page of an answer ended. */
export interface Cursor {
  /** When the answer was first asked for: all its pages are computed at the checkpoints of then. Unix ms. */
  readonly asOfMs: number;
  /** Names the values of the parameters. */
  readonly digest: string;
  /** Names the checkpoints that the answer was computed at. */
  readonly sealed: string;
  /** Of the order columns of the last row: times as RFC 3339. */
  readonly values: readonly (string | number)[];
}

const MOST_CHARACTERS = 8_000;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export class CursorError extends ParameterError {
  constructor(problem = 'the cursor is not of a page of this query with these parameters') {
    super([problem]);
  }
}

/** A JSON array `[hash of the query, digest, time, digest of the checkpoints, …values]` as base64url. It opens nothing that the parameters do not. */
export function formatCursor({ hash }: AuditQuery, { asOfMs, digest, sealed, values }: Cursor): string {
  return Buffer.from(JSON.stringify([hash.slice(0, 16), digest, asOfMs, sealed, ...values])).toString('base64url');
}

/** Throws `CursorError`. */
export function parseCursor(query: AuditQuery, text: string): Cursor {
  const [hash, digest, asOfMs, sealed, ...values] = listIn(text);
  const fits = query.order.every(({ type }, i) => {
    const value = values[i];
    return type === 'number' ? typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 : typeof value === 'string' && (type === 'text' || TIME.test(value));
  });
  if (hash !== query.hash.slice(0, 16) || typeof digest !== 'string' || typeof asOfMs !== 'number' || !Number.isSafeInteger(asOfMs) || asOfMs < 0 || typeof sealed !== 'string' || values.length !== query.order.length || !fits) throw new CursorError();
  // Each was just found to be a text or a number.
  return { asOfMs, digest, sealed, values: values as (string | number)[] };
}

function listIn(text: string): readonly unknown[] {
  if (text.length > MOST_CHARACTERS) throw new CursorError();
  try {
    const list: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(list)) return list;
  } catch {
    // Said below.
  }
  throw new CursorError();
}
