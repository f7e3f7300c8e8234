import type { VaultEntry } from '../contracts/keys.ts';
import { isSite } from '../contracts/names.ts';
import { IDENTIFIER_KINDS } from '../contracts/token.ts';
import type { IdentifierKind } from '../contracts/token.ts';
import { KeysError } from './errors.ts';

/** Reads a request's JSON body field by field. The error names the field, never its value. */
export interface RequestFields {
  site(): string;
  sites(): readonly string[];
  /** 1 to 1,000 characters. */
  text(name: string): string;
  /** Text of at most 1 MiB that a note can hold: lines, the last ended, no control character. */
  lines(name: string): string;
  /** False when it is not there. */
  flag(name: string): boolean;
  texts(name: string): readonly string[];
  count(name: string): number;
  optionalCount(name: string): number | undefined;
  /** Base64. */
  bytes(name: string, length?: number): Buffer;
  identifierKind(): IdentifierKind;
  vaultEntries(): readonly VaultEntry[];
}

const MAX_TEXT = 1_000;
const MAX_LINES_BYTES = 1024 * 1024;
const MAX_SITES = 10_000;
const MAX_ENTRIES = 10_000;

export function requestFields(body: unknown): RequestFields {
  const fields: Partial<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const wrong = (name: string): never => {
    throw new KeysError('TQ-KEYS-03', name);
  };
  const text = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT && !value.includes('\0') ? value : wrong(name);
  };
  const count = (name: string): number => {
    const value = fields[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : wrong(name);
  };
  return {
    text,
    count,
    site: () => (isSite(fields['site']) ? fields['site'] : wrong('site')),
    sites() {
      const value = fields['sites'];
      return Array.isArray(value) && value.length <= MAX_SITES && value.every(isSite) ? value : wrong('sites');
    },
    lines(name) {
      const value = fields[name];
      // Control characters other than the line feed would make a note that nothing opens.
      // eslint-disable-next-line no-control-regex
      return typeof value === 'string' && value.endsWith('\n') && value.length <= MAX_LINES_BYTES && value.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(value) ? value : wrong(name);
    },
    flag(name) {
      const value = fields[name] ?? false;
      return typeof value === 'boolean' ? value : wrong(name);
    },
    optionalCount: (name) => (fields[name] === undefined ? undefined : count(name)),
    bytes(name, length) {
      const value = fields[name];
      if (typeof value !== 'string') return wrong(name);
      const bytes = Buffer.from(value, 'base64');
      return bytes.toString('base64') === value && (length === undefined || bytes.length === length) ? bytes : wrong(name);
    },
    vaultEntries() {
      const value = fields['entries'];
      if (!Array.isArray(value) || value.length > MAX_ENTRIES) return wrong('entries');
      return value.map((entry: unknown) => {
        const of = requestFields(entry);
        return { site: of.site(), token: of.text('token'), subjects: of.texts('subjects'), value: of.bytes('value') };
      });
    },
    texts(name) {
      const value = fields[name];
      return Array.isArray(value) ? value.map((one: unknown) => requestFields({ [name]: one }).text(name)) : wrong(name);
    },
    identifierKind: () => IDENTIFIER_KINDS.find((kind) => kind === fields['kind']) ?? wrong('kind'),
  };
}
