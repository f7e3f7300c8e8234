import { PENDING, reject } from './line-parser.ts';
import type { LineParser, ParsedLine } from './line-parser.ts';

/** Events as they are. Only what is plainly no object is refused here; the line inspector judges the rest in one pass. */
export function createNdjsonParser(): LineParser {
  return { parse: parseNdjson, flush: () => PENDING };
}

function parseNdjson(line: string): ParsedLine {
  if (line.charCodeAt(0) === 0x7b) return { kind: 'event', json: line };
  const text = line.trim();
  if (text === '') return reject('empty');
  if (text.startsWith('{')) return { kind: 'event', json: text };
  try {
    JSON.parse(text);
    return reject('not_object');
  } catch {
    return reject('not_json');
  }
}
