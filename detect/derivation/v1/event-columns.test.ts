import { describe, expect, test } from 'vitest';
import { deriveColumns } from './event-columns.ts';
import { parseTimestamp } from './timestamp.ts';
import { seededRandom } from '../../../contracts/seeded-random.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

describe('a timestamp', () => {
  test(`is read as Date reads it, for 20,000 moments in any zone, seed ${SEED}`, () => {
    const random = seededRandom(SEED);
    for (let i = 0; i < 20_000; i++) {
      const ms = Math.floor(random() * 10_413_791_999_999);
      const zone = Math.floor(random() * 1440) - 720;
      const local = new Date(ms + zone * 60_000).toISOString().slice(0, -1);
      const offset = `${zone < 0 ? '-' : '+'}${String(Math.floor(Math.abs(zone) / 60)).padStart(2, '0')}:${String(Math.abs(zone) % 60).padStart(2, '0')}`;
      expect(parseTimestamp(`${local}${offset}`)).toBe(ms);
    }
  });

  test.each([['2026-11-21T04:13:26Z', 1_795_234_406_000], ['2026-11-21T04:13:26.1Z', 1_795_234_406_100], ['2026-11-21 04:13:26.123456789z', 1_795_234_406_123], ['2024-02-29T00:00:00Z', 1_709_164_800_000]])('%s is understood', (text, ms) => {
    expect(parseTimestamp(text)).toBe(ms);
  });

  test.each(['', 'yesterday', '2026-11-21', '2026-13-01T00:00:00Z', '2026-02-29T00:00:00Z', '2026-11-21T24:00:00Z', '2026-11-21T04:13:26', '2026-11-21T04:13:26.Z', '2026-11-21T04:13:26Z ', '2026-11-21T04:13:26+0100', '1969-12-31T23:59:59Z', '2300-01-01T00:00:00Z'])('%j is none', (text) => {
    expect(parseTimestamp(text)).toBeNaN();
  });
});

describe('columns', () => {
  const EMPTY = { timestamp: 5, kind: '', category: '', action: '', outcome: '', user_name: '', source_ip: '', domain: '', method: '', path: '', status: 0, response_bytes: 0, user_agent: '' };

  test.each<[string, object, object]>([
    ['nothing', {}, {}],
    ['dotted names', { 'event.action': 'a', 'http.response.status_code': 404, 'http.response.body.bytes': '12', 'url.path': '/p', 'client.ip': 'i' }, { action: 'a', status: 404, response_bytes: 12, path: '/p', source_ip: 'i' }],
    ['nested names before dotted ones', { event: { action: 'a' }, 'event.action': 'b' }, { action: 'a' }],
    ['the path of url.original', { url: { original: '/p?q=1' } }, { path: '/p' }],
    ['the first of a list', { event: { category: ['web', 'x'] } }, { category: 'web' }],
    ['values out of range', { http: { response: { status_code: 1e9, body: { bytes: 1e300 } } } }, { status: 65_535, response_bytes: Number.MAX_SAFE_INTEGER }],
    ['shapes that are none', { event: null, url: [], http: 'x', user: { name: {} }, source: { ip: [[1]] } }, {}],
    ['a bad timestamp as the time of receipt', { '@timestamp': 'x' }, { timestamp: 5 }],
    ['keys of the prototype as data', JSON.parse('{"__proto__":{"kind":"x"},"event":{"__proto__":{"action":"x"}}}'), {}],
  ])('take %s', (_name, event, expected) => {
    expect(deriveColumns(event, 5)).toEqual({ ...EMPTY, ...expected });
  });
});
