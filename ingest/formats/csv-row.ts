import { reject, PENDING } from './line-parser.ts';
import type { LineParser, ParsedLine } from './line-parser.ts';

/** A row of a table: the values under the columns' names, in lower case with single blanks. */
export type TableRow = ReadonlyMap<string, string>;

export interface TableReading {
  /** Columns of a table without a header line, in their order. */
  readonly columns: readonly string[];
  /** The event of a row as JSON; undefined when the row is none. */
  readonly toJson: (row: TableRow) => string | undefined;
  /** The event of a line that is no row of a table; undefined when it is nothing known. */
  readonly fromLine: (line: string) => ParsedLine | undefined;
  /** The event of a row of several lines that `toJson` cannot read, so that none of its lines is lost. */
  readonly unreadable: (text: string) => string;
}

/** Characters of a row of several lines before it is taken as it stands: a quote that never closes swallows no log. */
const MOST_CHARS = 15_000;

/**
 * Tables as CSV (rfc-editor.org/rfc/rfc4180) or separated by tabs, with or without a header line; a quoted value may span
 * lines. A line that tells the columns gives no event.
 */
export function createTableParser(reading: TableReading): LineParser {
  let columns = reading.columns;
  let held: string[] = [];
  let chars = 0;
  let isOpen = false;

  function finish(): ParsedLine {
    const lines = held;
    held = [];
    chars = 0;
    isOpen = false;
    const text = lines.join('\n');
    const values = rowValues(text);
    const header = lines.length === 1 && reading.columns.includes(columnName(values[0] ?? '')) ? values.map(columnName) : [];
    if (header.filter((name) => reading.columns.includes(name)).length > header.length / 2) {
      columns = header;
      return PENDING;
    }
    const json = reading.toJson(rowOf(columns, values));
    if (json !== undefined) return { kind: 'event', json };
    return lines.length === 1 ? reject(values.length < 3 ? 'unknown_format' : 'no_timestamp') : { kind: 'event', json: reading.unreadable(text) };
  }

  function parse(line: string): ParsedLine {
    if (held.length === 0) {
      if (line.trim() === '') return reject('empty');
      const other = reading.fromLine(line);
      if (other !== undefined) return other;
    }
    held.push(line);
    chars += line.length + 2;
    isOpen = endsOpen(line, isOpen);
    return isOpen && chars <= MOST_CHARS ? PENDING : finish();
  }

  return { parse, flush: () => (held.length === 0 ? PENDING : finishHeld()) };

  function finishHeld(): ParsedLine {
    const text = held.join('\n');
    const last = finish();
    // At the end no line is left to be refused.
    return last.kind === 'event' ? last : { kind: 'event', json: reading.unreadable(text) };
  }
}

/** Whether a quoted value is still open behind the line: each quote turns it, a doubled one twice. */
function endsOpen(line: string, wasOpen: boolean): boolean {
  let open = wasOpen;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) open = !open;
  return open;
}

/** Of names that many exports write with other blanks, dashes or case. */
export function columnName(text: string): string {
  return text.trim().toLowerCase().replace(/[\s_-]+/g, ' ');
}

/** As long as the row, whatever a header promised. */
function rowOf(columns: readonly string[], values: readonly string[]): TableRow {
  return new Map(values.slice(0, columns.length).map((value, i) => [columns[i] ?? '', value]));
}

function rowValues(text: string): readonly string[] {
  const separator = separatorOf(text);
  const values: string[] = [];
  for (let at = 0; at <= text.length; ) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      values.push(text.slice(at + 1, end).replaceAll('""', '"'));
      const next = text.indexOf(separator, end);
      at = next < 0 ? text.length + 1 : next + 1;
    } else {
      const next = text.indexOf(separator, at);
      values.push(text.slice(at, next < 0 ? text.length : next).trim());
      at = next < 0 ? text.length + 1 : next + 1;
    }
  }
  return values;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return text.length;
}

/** The first of the usual ones outside of quotes. */
function separatorOf(text: string): string {
  let open = false;
  for (const letter of text) {
    if (letter === '"') open = !open;
    else if (!open && (letter === ',' || letter === '\t' || letter === ';')) return letter;
  }
  return ',';
}
