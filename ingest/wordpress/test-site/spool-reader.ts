import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** An event as its line says it, by dotted names; lists stay lists. */
export type DottedEvent = Readonly<Record<string, unknown>>;

/** `nonce SP line`, of lines that are framed for a chain already. */
const FRAMED = /^[A-Za-z0-9_-]{22} (\{.*)$/;

export function dotted(value: unknown, prefix = '', into: Record<string, unknown> = {}): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    into[prefix] = value;
    return into;
  }
  for (const [name, inner] of Object.entries(value)) dotted(inner, prefix === '' ? name : `${prefix}.${name}`, into);
  return into;
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
}

function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted().map((f) => path.join(directory, f)).filter((f) => statSync(f, { throwIfNoEntry: false })?.isFile() === true);
}

/** Everything that stands in a spool's files, for looking for what must not be there. */
export function spoolText(directory: string): string {
  return filesBelow(directory).map((file) => {
    try {
      return textOf(file);
    } catch {
      // Shipped and deleted since it was listed.
      return '';
    }
  }).join('\n');
}

/** The lines of blocks that wait, then those that no block holds yet. */
export function spooledLines(directory: string): readonly string[] {
  const files = filesBelow(directory);
  const ordered = [...files.filter((f) => f.endsWith('.block')), ...files.filter((f) => f.endsWith('.ndjson'))];
  return ordered.flatMap((file) => {
    try {
      return textOf(file).split('\n');
    } catch {
      return [];
    }
  }).flatMap((line) => (line.startsWith('{"@timestamp"') ? [line] : (FRAMED.exec(line)?.[1] ?? [])));
}

export function spooledEvents(directory: string): readonly DottedEvent[] {
  return spooledLines(directory).flatMap((line) => {
    try {
      return [dotted(JSON.parse(line))];
    } catch {
      // Being written right now.
      return [];
    }
  });
}
