import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TABLES } from '../../../contracts/tables.ts';
import { deriveActOf } from './act.ts';

const page = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');
const lines = page.split('\n').filter((line) => line.startsWith('{'));

test('the example lines are the deeds that docs/events.md says', () => {
  const deeds = lines.map((line) => deriveActOf(line, 'plugin'));
  expect(deeds.map((deed) => [deed?.act.how, deed?.act.actor, deed?.act.records, deed?.act.subjects, deed?.act.batch, deed?.act.target])).toEqual([
    ['view', 'mira', 1, 1, '', '10432'], ['export', 'mira', 2, 2, 'export-7f3a', 'csv'], ['export', 'mira', 1, 1, 'export-7f3a', ''], ['ai', 'reception', 1, 1, '', 'llm.clinic.example'],
  ]);
});

test('every column of acts that a line decides stands in the table of fields', () => {
  const told = new Set(page.split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => Array.from((line.split('|').at(-2) ?? '').matchAll(/`(\w+)`/g), ([, name]) => name)));
  const ofBlock = ['site', 'leaf', 'received_at', 'provenance', 'tier', 'partition', 'position'];
  const untold = TABLES.acts.map(({ name }) => name).filter((name: string) => !ofBlock.includes(name) && !told.has(name));
  // These follow from the others: how from the act, subjects from their number.
  expect(untold).toEqual(['how', 'subjects']);
});
