/**
 * Rows of a CSV file as shops and mailers export them: RFC 4180, with a byte order mark or without, separated by comma,
 * semicolon or tab (whichever the first line has most of), lines ended by CRLF, LF or CR.
 */
export interface CsvRow {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** What is wrong with the text, and where; without what stands there. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

const MOST_ROW_CHARS = 1 << 20;
const SEPARATORS = [',', ';', '\t'] as const;
const QUOTE = '"';

/** The text of the whole file, in pieces. Blank lines are passed over. */
export async function* csvRows(chunks: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  let reading: Reading | undefined;
  let text = '';
  for await (const chunk of chunks) {
    text += chunk;
    // The separator is known at the end of the first line.
    if (reading === undefined && !/[\r\n]/.test(text)) {
      if (text.length > MOST_ROW_CHARS) throw tooLong(1);
      continue;
    }
    reading ??= startReading(text);
    yield* take(reading, text);
    text = '';
  }
  reading ??= startReading(text);
  yield* take(reading, text);
  if (reading.state === 'quoted') throw new CsvError(`line ${reading.beganAt}: the file ends inside a quoted cell`);
  yield* endRow(reading);
}

/** Where the parser stands; changes as it reads. */
interface Reading {
  readonly separator: string;
  cells: string[];
  cell: string;
  /** `closed`: after a quote inside a quoted cell, which ends it unless another follows. */
  state: 'start' | 'plain' | 'quoted' | 'closed';
  /** Of the row. */
  chars: number;
  beganAt: number;
  line: number;
  /** Whether the character before was a CR, which with an LF ends one line. */
  wasReturn: boolean;
}

function tooLong(line: number): CsvError {
  return new CsvError(`line ${line}: a row is longer than ${MOST_ROW_CHARS} characters; is a quote left open?`);
}

function startReading(text: string): Reading {
  const [first = ''] = text.split(/[\r\n]/, 1);
  const counts = SEPARATORS.map((separator) => first.split(separator).length);
  const separator = SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
  return { separator, cells: [], cell: '', state: 'start', chars: 0, beganAt: 1, line: 1, wasReturn: false };
}

function* take(reading: Reading, text: string): Generator<CsvRow> {
  const isStart = reading.line === 1 && reading.chars === 0;
  for (const c of isStart && text.startsWith('\ufeff') ? text.slice(1) : text) {
    const isEnd = c === '\n' || c === '\r';
    const isSecond = c === '\n' && reading.wasReturn;
    reading.wasReturn = c === '\r';
    if (isEnd && !isSecond) reading.line++;
    if (!isEnd || reading.state === 'quoted') takeCharacter(reading, c);
    else if (!isSecond) yield* endRow(reading);
  }
}

function takeCharacter(reading: Reading, c: string): void {
  if (++reading.chars > MOST_ROW_CHARS) throw tooLong(reading.beganAt);
  if (reading.state === 'quoted') {
    if (c === QUOTE) reading.state = 'closed';
    else reading.cell += c;
  } else if (c === QUOTE && reading.state === 'closed') {
    reading.cell += c;
    reading.state = 'quoted';
  } else if (c === QUOTE && reading.state === 'start') reading.state = 'quoted';
  else if (c === reading.separator) endCell(reading);
  else if (reading.state === 'closed') throw new CsvError(`line ${reading.line}: text stands behind the quote that ends a cell`);
  else {
    reading.cell += c;
    reading.state = 'plain';
  }
}

function endCell(reading: Reading): void {
  reading.cells.push(reading.cell);
  [reading.cell, reading.state] = ['', 'start'];
}

function* endRow(reading: Reading): Generator<CsvRow> {
  const isBlank = reading.cells.length === 0 && reading.state === 'start';
  endCell(reading);
  if (!isBlank) yield { line: reading.beganAt, cells: reading.cells };
  [reading.cells, reading.chars, reading.beganAt] = [[], 0, reading.line];
}

/** One row, every cell quoted. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;
}
