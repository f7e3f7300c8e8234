import type { Span, Validator } from '../validators/span.ts';
import { WINDOW_UNITS } from './parameter.ts';

/** Log4j 2 lookups without a lookup inside: `${lower:J}`, `${::-j}`, `${env:X:-j}`, `${date:'j'}`. */
const INNERMOST = /\$\{([^${}]{0,80})\}/g;
const MOST_ROUNDS = 6;
/** Lookups that tell what an attacker wants to know, or that fetch code. */
const TELLING = /\bjndi[\t ]*:|\$\{[\t ]*(?:env|sys|java|ctx|docker|k8s|spring|hostname|bundle|main|web|jvmrunargs|log4j|base64|script|url|dns)[\t ]*:[\t ]*[\w./-]/i;

function resolved(inside: string): string | undefined {
  const fallback = inside.indexOf(':-');
  if (fallback >= 0) return inside.slice(fallback + 2);
  const [name = '', ...rest] = inside.split(':');
  if (rest.length === 0) return undefined;
  const value = rest.join(':').replaceAll(/^'|'$/g, '');
  return /^(?:lower|upper|date)$/i.test(name.trim()) ? value : undefined;
}

/** Takes a lookup of Log4j that fetches code or tells of the server, however nested its letters are. */
export const lookup: Validator = (text: string, { start }: Span): Span | undefined => {
  const window = text.slice(start, start + WINDOW_UNITS);
  let reading = window;
  for (let round = 0; round < MOST_ROUNDS && !TELLING.test(reading); round++) {
    const next = reading.replaceAll(INNERMOST, (found, inside: string) => resolved(inside) ?? found);
    if (next === reading) return undefined;
    reading = next;
  }
  if (!TELLING.test(reading)) return undefined;
  const end = window.lastIndexOf('}');
  return { start, end: start + (end < 0 ? Math.min(window.length, 2) : end + 1) };
};
