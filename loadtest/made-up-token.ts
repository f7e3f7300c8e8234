import { tokenOf } from '../contracts/token.ts';

const KEY = Buffer.alloc(32, 7);
const known = new Map<string, string>();

/** The token of a made-up person: as a site's plugin writes tokens, under a key of nobody's. */
export function madeUpToken(subject: string): string {
  const token = known.get(subject) ?? tokenOf(KEY, 'text', subject);
  known.set(subject, token);
  return token;
}
