import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Act } from '../../contracts/trail.ts';
import { csvCell, formatPage } from './answer-format.ts';
import type { AnswerFormat } from './answer-format.ts';
import { pageSql } from './audit-answer.ts';
import type { AnswerPage, Cell } from './audit-answer.ts';
import { auditFolders } from './audit-folders.ts';
import { parseAuditQuery } from './audit-query.ts';
import type { AuditQuery } from './audit-query.ts';
import { auditService } from './audit-service.ts';
import { ago, NOW, openPlantedStore, SEALED_LEAVES } from './planted-rows.ts';
import type { PlantedStore } from './planted-rows.ts';

let store: PlantedStore;
let query: AuditQuery;
beforeAll(async () => {
  store = await openPlantedStore();
  const found = await auditFolders([]).query('all-by-actor');
  if (found === undefined) throw new Error('all-by-actor is gone');
  query = found;
  // Several of one instant on two sites: the cursor has to tell them apart.
  await store.plant('acts', Array.from({ length: 25 }, (_, i) => ({ actor: 'busy', action: `act-${i}`, site: i % 3 === 0 ? 'shop' : 'clinic', timestamp: ago(10 - Math.floor(i / 5)) })));
});
afterAll(() => store[Symbol.asyncDispose]());

describe('pages', () => {
  test.each([1, 7, 25, 1_000])('of %i rows hold each row once, in one order', async (limit) => {
    const all = (await store.ask('all-by-actor', { actor: 'busy' })).rows.map((row) => row['action']);
    const paged: unknown[] = [];
    let after: string | undefined;
    do {
      const { rows, footer } = await store.ask('all-by-actor', { actor: 'busy' }, { limit, ...(after === undefined ? {} : { after }) });
      expect(rows.length).toBeLessThanOrEqual(limit);
      expect(footer.rows).toBe(rows.length);
      paged.push(...rows.map((row) => row['action']));
      after = footer.next;
    } while (after !== undefined);
    expect(paged).toEqual(all);
    expect(new Set(paged).size).toBe(25);
  });

  test('hold what the checkpoints cover, and nothing else', async () => {
    await store.plant('acts', [{ actor: 'growing', action: 'sealed', timestamp: ago(3) }, { actor: 'growing', action: 'beyond', leaf: SEALED_LEAVES, timestamp: ago(3) }]);
    const before = await store.ask('all-by-actor', { actor: 'growing' });
    expect(before.rows.map((row) => row['action'])).toEqual(['sealed']);
    expect(before.footer.checkpoints.map(({ site, size, note }) => [site, size, note])).toContainEqual(['clinic', SEALED_LEAVES, 'note of clinic\n']);
  });

  test('are computed at the checkpoints of the first: one that was signed later changes none, one that was stored late is told', async () => {
    await store.plant('checkpoints', [{ site: 'slow', size: 3, root: 'r', signed_at: ago(2), note: 'three' }]);
    await store.plant('acts', [0, 2, 4, 3].map((leaf, i) => ({ site: 'slow', actor: 'paged', action: `leaf ${leaf}`, leaf, timestamp: ago(9 - i) })));
    const page = (after?: string) => store.ask('all-by-actor', { actor: 'paged', sites: 'slow' }, { limit: 1, sites: ['_system', 'slow'], ...(after === undefined ? {} : { after }) });
    const first = await page();
    await store.plant('checkpoints', [{ site: 'slow', size: 5, root: 'r', signed_at: ago(-1), note: 'of a later hour' }]);
    expect((await page(first.footer.next)).rows.map((row) => row['action'])).toEqual(['leaf 2']);
    await store.plant('checkpoints', [{ site: 'slow', size: 4, root: 'r', signed_at: ago(1), note: 'four' }]);
    await expect(page(first.footer.next)).rejects.toThrow('a checkpoint of the time of the first page was stored since');
    expect((await page()).footer.checkpoints).toContainEqual(expect.objectContaining({ site: 'slow', size: 4 }));
  });

  test('of other parameters take no cursor of these', async () => {
    const { footer } = await store.ask('all-by-actor', { actor: 'busy' }, { limit: 3 });
    await expect(store.ask('all-by-actor', { actor: 'other' }, { after: footer.next ?? '' })).rejects.toThrow('the cursor is not of a page of this query');
  });

  test('a site without checkpoint is named, and nothing of it is answered', async () => {
    await store.plant('acts', [{ actor: 'early', site: 'fresh', timestamp: ago(2) }]);
    const { rows, footer } = await store.ask('all-by-actor', { actor: 'early' }, { sites: ['_system', 'fresh'] });
    expect([rows, footer.without_checkpoint]).toEqual([[], ['fresh']]);
  });
});

describe('very many sites', () => {
  const tokenOf = (i: number): string => i.toString(16).padStart(24, '0').replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
  const names = Array.from({ length: 10_000 }, (_, i) => `a-shop-with-a-rather-long-name-${i}`);

  test('two thousand sites and tokens travel in a body, not in an address', async () => {
    await store.plant('accesses', [{ subject: tokenOf(1_999), actor: 'found', timestamp: ago(2) }]);
    const { rows } = await store.ask('who-accessed-subject', { subject: Array.from({ length: 2_000 }, (_, i) => tokenOf(i)) }, { sites: ['_system', 'clinic', ...names.slice(2_002)].slice(0, 2_000) });
    expect(rows.map((row) => row['actor'])).toEqual(['found']);
  });

  test('more are too many for one question', async () => {
    await expect(store.ask('all-by-actor', { actor: 'a' }, { sites: names })).rejects.toThrow('10000 sites are too many for one question: name at most 2000');
  });

  test('an identifier is asked for on all of them: its tokens are narrowed to those on record', async () => {
    await store.plant('accesses', [{ subject: tokenOf(7_777), site: names[7_777], actor: 'found', timestamp: ago(2) }, { subject: tokenOf(8_888), site: '_system', actor: 'looked behind it', timestamp: ago(1) }]);
    await store.seal(names[7_777] ?? '');
    const acts: Act[] = [];
    const service = auditService({
      client: store.reader, folders: auditFolders([]), now: () => NOW, trail: { write: async (act) => void acts.push(act) }, sites: async () => ['_system', ...names],
      lookup: async (_kind, _identifier, sites) => sites.map((site, i) => ({ site, token: tokenOf(i) })),
    });
    const who = await auditFolders([]).query('who-accessed-subject');
    const page = await service.ask({ name: 'carla' }, { query: who ?? query, parameters: {}, identifier: { kind: 'email', value: 'jane@example.com' }, reason: 'she asked', format: 'json', limit: 10 });
    expect(await Array.fromAsync(page.rows, (row) => row[5])).toEqual(['found', 'looked behind it']);
    expect(acts).toMatchObject([{ action: 'audit-query-run', reason: 'she asked', about: { identifier: 'email', parameters: { subject: [tokenOf(7_777), tokenOf(8_888)], sites: [names[7_777], names[8_888]] } } }]);
    expect(JSON.stringify(acts)).not.toContain('jane');
  });
});

const NASTY = ['=1+1', '@sum', '-2', '+3', '\tx', ' =cmd', 'a,"b"', 'line\nfeed', '<script>alert(1)</script>', '\u001b[2J', 'gnp\u202eexe', 'a\u200bnna', 'plain'];

function pageOf(rows: readonly (readonly Cell[])[], names = ['text', 'count', 'list']): AnswerPage {
  return {
    columns: names.map((name) => ({ name, type: 'String' })),
    rows: (async function* () {
      yield* rows;
    })(),
    footer: () => ({
      query: 'all-by-actor', query_sha256: 'ab', parameters: { actor: '<b>', sites: '*' }, rows: rows.length, next: 'c', as_of: '2026-11-21T00:00:00.000Z',
      checkpoints: [{ site: 'clinic', size: 3, root: 'r=', signed_at: '2026-11-20T00:00:00.000Z', note: 'n\n3\nr=\n\n\u2014 x y\n' }], without_checkpoint: ['fresh'],
    }),
  };
}

async function text(format: AnswerFormat, rows: readonly (readonly Cell[])[]): Promise<string> {
  return (await Array.fromAsync(formatPage(format, query, pageOf(rows)))).join('');
}

describe('formats', () => {
  test.each([
    ['=1+1', "'=1+1"], ['@sum', "'@sum"], ['-2', "'-2"], ['+3', "'+3"], ['\tx', "'\tx"], [' =cmd', "' =cmd"], ['\uff1d1', "'\uff1d1"], ['a,"b"', '"a,""b"""'], ['\r\n=1', '"\'\r\n=1"'], ['plain', 'plain'],
    [-2, '-2'], [null, ''], [['=x', 'y'], '"\'=x, y"'], [true, 'true'],
  ] satisfies readonly (readonly [Cell, string])[])('a spreadsheet takes %j for no formula', (cell, csv) => {
    expect(csvCell(cell)).toBe(csv);
  });

  test('CSV: rows, an empty line, then the footer in rows that begin with #', async () => {
    expect(await text('csv', [['a', 1, ['x']]])).toBe('text,count,list\r\na,1,x\r\n\r\n#rows,1\r\n#query,all-by-actor,ab\r\n#parameter,actor,<b>\r\n#parameter,sites,*\r\n#as of,2026-11-21T00:00:00.000Z\r\n#checkpoint,clinic,3,r=,2026-11-20T00:00:00.000Z\r\n#no checkpoint yet,fresh\r\n#next,c\r\n');
  });

  test('NDJSON and JSON read back, the footer last', async () => {
    const rows = NASTY.map((one, i) => [one, i, [one]]);
    const lines = (await text('ndjson', rows)).trimEnd().split('\n').map((line): unknown => JSON.parse(line));
    expect(lines.slice(0, -1)).toEqual(rows.map(([nasty, count, list]) => ({ text: nasty, count, list })));
    expect(lines.at(-1)).toMatchObject({ footer: { rows: NASTY.length, checkpoints: [{ note: expect.stringContaining('\u2014 x y') }] } });
    expect(JSON.parse(await text('json', rows))).toMatchObject({ columns: [{ name: 'text' }, { name: 'count' }, { name: 'list' }], rows: lines.slice(0, -1), footer: { next: 'c' } });
    expect(JSON.parse(await text('json', []))).toMatchObject({ rows: [] });
  });

  test('HTML: every value is escaped, nothing runs or is loaded, the signed note is there', async () => {
    const html = await text('html', NASTY.map((one) => [one, 1, []]));
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('<td>&lt;b&gt;</td>');
    for (const hidden of ['\u001b', '\u200b', '\u202e']) expect(html).not.toContain(hidden);
    expect(html).not.toMatch(/<script|\son\w+=|\ssrc=|\shref=|url\(/i);
    expect(html).toContain('\u2014 x y');
    for (const tag of ['table', 'tbody', 'thead', 'body', 'html']) expect(html.split(`<${tag}`).length).toBe(html.split(`</${tag}>`).length);
  });

  test('a table moves no cursor and lines its columns up', async () => {
    const table = await text('table', [['\u001b[2Jred', 1, []], ['longer text', 22, ['x', 'y']]]);
    expect(table).not.toContain('\u001b');
    expect(table.split('\n').slice(0, 3)).toEqual(['TEXT         COUNT  LIST', '\ufffd[2Jred      1', 'longer text  22     x, y']);
  });
});

describe('the SQL of a page', () => {
  const queryOf = (sql: string): AuditQuery => parseAuditQuery('q', `-- title: T\n-- question: Q?\n-- control: C\n-- order: at time, site text\n${sql}`);
  const TAIL = '\nORDER BY at, site\nLIMIT {page_rows:UInt64}';

  test.each([
    'SELECT timestamp AS at, site FROM acts',
    'SELECT max(timestamp) AS at, site FROM acts GROUP BY site -- LIMIT 3',
    "SELECT timestamp AS at, site, 'a UNION of two' AS text FROM acts",
    'WITH 3 AS few SELECT timestamp AS at, site, few AS "ORDER BY" FROM acts',
  ])('%s: the first page is the query itself', (sql) => {
    expect(pageSql(queryOf(sql), false)).toBe(`${sql}${TAIL}`);
  });

  test.each([
    'SELECT timestamp AS at, site FROM acts UNION ALL SELECT timestamp AS at, site FROM accesses',
    'SELECT timestamp AS at, site FROM acts ORDER  BY leaf LIMIT 5 BY site',
    'SELECT timestamp AS at, site FROM acts limit 10',
    'SELECT at, site FROM (SELECT timestamp AS at, site FROM acts OFFSET 3)',
    'SELECT max(timestamp) AS at, site FROM acts GROUP BY site WITH TOTALS',
  ])('%s: an order and a limit go around it', (sql) => {
    expect(pageSql(queryOf(sql), false)).toBe(`SELECT * FROM (\n${sql}\n)${TAIL}`);
  });

  test('a later page goes on behind the cursor', () => {
    expect(pageSql(queryOf('SELECT timestamp AS at, site FROM acts'), true)).toBe(`SELECT * FROM (\nSELECT timestamp AS at, site FROM acts\n)\nWHERE (at, site) > ({after_0:DateTime64(3, 'UTC')}, {after_1:String})${TAIL}`);
  });
});
