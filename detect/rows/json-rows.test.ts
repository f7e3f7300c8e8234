import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { clickhouseTime } from './json-rows.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const LATEST = Date.UTC(2300, 0, 1) - 1;

test(`a time is that of an ISO date, with a blank, whatever was asked for before, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  let ms = 0;
  for (let i = 0; i < 5_000; i++) {
    ms = [0, LATEST, Math.floor(random() * LATEST), Math.min(LATEST, ms + Math.floor(random() * 100_000_000)), Math.floor(ms / 86_400_000) * 86_400_000][Math.floor(random() * 5)] ?? 0;
    expect(clickhouseTime(ms)).toBe(new Date(ms).toISOString().replace('T', ' ').slice(0, 23));
  }
});
