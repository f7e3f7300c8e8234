import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { formatVerifier, parseVerifier, signNote } from './checkpoint.ts';
import type { NoteVerifier } from './checkpoint.ts';
import { dataFlowLines, dataFlowParts, openDataFlow, quotedText } from './data-flow.ts';
import type { DataFlow, DataFlowStatement } from './data-flow.ts';

const FROM = Date.UTC(2026, 10, 1);
const FLOW: DataFlow = { destination: 'api.cloud-ai.example', said: 'US', place: 'outside', how: 'ai', plugin: 'letter-helper', classes: ['phi.diagnosis'], deeds: 3, subjects: 2, records: 4, firstMs: FROM, lastMs: FROM + 1, leaves: [7] };
const STATEMENT: DataFlowStatement = {
  v: 1, site: 'klinik-see', region: 'EU', fromMs: FROM, toMs: Date.UTC(2026, 11, 1), asOfMs: Date.UTC(2026, 11, 2), treeSize: 900, flows: [FLOW], gaps: [],
  coverage: { receivedFromMs: FROM, receivedToMs: FROM + 1, blocks: 9, lines: 901, stored: 900, deadLetters: 1, missingLines: 0, eventsCounted: 900 },
};

function keys(name: string): { readonly sign: (text: string) => string; readonly verifiers: readonly NoteVerifier[] } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const verifier = parseVerifier(formatVerifier(name, publicKey));
  return { sign: (text) => signNote(text, name, privateKey), verifiers: verifier === undefined ? [] : [verifier] };
}

function signed(statement: DataFlowStatement, sign: (text: string) => string, site = statement.site): { readonly note: string; readonly json: Buffer } {
  const { json, body } = dataFlowParts(statement);
  return { note: sign(`deployment\ndata-flow\n${site}\n${body}`), json: Buffer.from(json) };
}

describe('a data-flow statement', () => {
  const { sign, verifiers } = keys('deployment');
  const { note, json } = signed(STATEMENT, sign);

  test('opens with the key that signed it, and says what it said', () => {
    expect(openDataFlow(note, json, verifiers)).toEqual(STATEMENT);
  });

  test('opens with no other key', () => {
    expect(openDataFlow(note, json, keys('deployment').verifiers)).toBeUndefined();
    expect(openDataFlow(note, json, [])).toBeUndefined();
  });

  test.each(Array.from({ length: 40 }, (_, i) => i))('a changed byte of the JSON is noticed (%i)', (i) => {
    const changed = Buffer.from(json);
    const at = Math.floor((i / 40) * changed.length);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(openDataFlow(note, changed, verifiers)).toBeUndefined();
  });

  test('a changed sentence is noticed', () => {
    expect(openDataFlow(note.replace('3 times', '2 times'), json, verifiers)).toBeUndefined();
  });

  test('another kind of note, or one of another site, vouches for nothing', () => {
    expect(openDataFlow(sign(`deployment\nbundle\nklinik-see\n${dataFlowParts(STATEMENT).body}`), json, verifiers)).toBeUndefined();
    expect(openDataFlow(signed(STATEMENT, sign, 'payfox').note, json, verifiers)).toBeUndefined();
  });

  test('says what left, what is not known, and what stayed', () => {
    const flows: readonly DataFlow[] = [FLOW, { ...FLOW, destination: 'x.example', said: '', place: 'unknown' }, { ...FLOW, destination: 'mail.example', said: 'inside', place: 'inside' }];
    expect(dataFlowLines({ ...STATEMENT, flows }).slice(0, 5)).toEqual([
      'No personal data is known to have left, except as listed, EU from klinik-see, from 2026-11-01T00:00:00.000Z to 2026-12-01T00:00:00.000Z.',
      '- "api.cloud-ai.example" ("US"), by ai of "letter-helper": 3 times, 2 persons, 4 records, "phi.diagnosis"',
      'Of these it is not known where they are:',
      '- "x.example" (region not known), by ai of "letter-helper": 3 times, 2 persons, 4 records, "phi.diagnosis"',
      '1 further flows stayed within.',
    ]);
    expect(dataFlowLines({ ...STATEMENT, flows: [] })[0]).toBe('No personal data is known to have left EU from klinik-see, from 2026-11-01T00:00:00.000Z to 2026-12-01T00:00:00.000Z.');
  });

  test('a name that an attacker chose cannot add a line or a sign that reads otherwise', () => {
    expect(quotedText('a\n\u2014 x\u202e"\u{1f600}')).toBe(String.raw`"a\n\u2014 x\u202e\"\ud83d\ude00"`);
    const evil = signed({ ...STATEMENT, flows: [{ ...FLOW, destination: 'a\n\n\u2014 deployment AAAA\n' }] }, sign);
    expect(openDataFlow(evil.note, evil.json, verifiers)?.flows[0]?.destination).toBe('a\n\n\u2014 deployment AAAA\n');
  });
});
