import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaksOf, runActs, valuesIn } from '../../ingest/wordpress/test-site/act-run.ts';
import type { ActResult } from '../../ingest/wordpress/test-site/act-run.ts';
import { expectedOf, matching } from '../../ingest/wordpress/test-site/expectation.ts';
import { PEOPLE, rawValuesOf } from '../../ingest/wordpress/test-site/people.ts';
import { actsOf, areas } from '../../ingest/wordpress/test-site/run-acts.ts';
import type { DottedEvent } from '../../ingest/wordpress/test-site/spool-reader.ts';
import { OpenStage } from '../../ingest/wordpress/test-site/stage.ts';
import type { UserAct, Variant } from '../../ingest/wordpress/test-site/user-act.ts';
import { bytesOnDisk } from '../../loadtest/bytes-on-disk.ts';
import { tourniquet } from '../command-fixture.ts';
import { verifyStore } from '../verify-store.ts';
import { RunningPipeline } from './pipeline-site.ts';

/** Areas that share a site; those that nobody names here share one more. What takes plugins and files apart has a site of its own. */
const TOGETHER: readonly (readonly string[])[] = [['changes', 'packages', 'integrity'], ['accounts', 'keys', 'logins', 'roles'], ['containment', 'outbound', 'ai', 'browser', 'uploads'], ['pages']];

/** Sites that are played on at once. */
const AT_ONCE = 3;

interface Played {
  readonly name: string;
  readonly stage: OpenStage;
  readonly results: readonly ActResult[];
  readonly stored: readonly DottedEvent[];
  readonly tokenKey: Uint8Array;
}

let pipeline: RunningPipeline;
const acts = new Map<string, readonly UserAct[]>();
const played: Played[] = [];

/** Does all acts of some areas on a site of their own, with what they wrote kept there, then ships all of it. */
async function play(group: readonly string[], variant: Variant): Promise<void> {
  const name = `${group[0]}-${variant}`;
  const stage = await OpenStage.open(variant, { isWithoutTokenKey: true, constants: { TOURNIQUET_SHIPPING: 'plugin' } });
  await pipeline.enrol(name, stage.site);
  stage.site.setConstants({ TOURNIQUET_SHIPPING: 'external' });
  const results = await runActs(group.flatMap((area) => acts.get(area) ?? []), stage);
  stage.site.setConstants({ TOURNIQUET_SHIPPING: 'plugin' });
  await pipeline.ship(name, stage.site);
  played.push({ name, stage, results, stored: await pipeline.stored(name), tokenKey: await stage.site.tokenKey() });
  // What is looked at afterwards lies in its files and its database.
  await stage.site.stopServer();
}

function isPlayedOn(group: readonly string[], variant: Variant): boolean {
  return group.some((area) => (acts.get(area) ?? []).some((a) => (a.on ?? ['single']).includes(variant)));
}

beforeAll(async () => {
  for (const area of areas()) acts.set(area, await actsOf(area));
  pipeline = await RunningPipeline.start();
  const groups = [...TOGETHER, areas().filter((area) => !TOGETHER.flat().includes(area))];
  const sites = [
    ...groups.filter((group) => isPlayedOn(group, 'single')).map((group) => ({ group, variant: 'single' as const })),
    ...(['hpos', 'network'] as const).map((variant) => ({ group: areas(), variant })),
  ];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = sites.shift(); next !== undefined; next = sites.shift()) await play(next.group, next.variant);
  }));
});

afterAll(async () => {
  for (const { stage } of played) await stage[Symbol.asyncDispose]();
  await pipeline?.[Symbol.asyncDispose]();
});

/** Texts for signatures: what is stored of them is a summary. */
const SUMMARISED = 'wordpress.upload.sample';

/** What an act should have told and did, as it is stored: by the request that told it. */
function storedProblems(result: ActResult, { stage, stored, tokenKey }: Played): readonly string[] {
  return expectedOf(result.act, stage).flatMap((expected) => {
    const requests = new Set(matching(expected, result.events, tokenKey).map((e) => e['http.request.id']));
    const fields = Object.fromEntries(Object.entries(expected.fields ?? {}).filter(([field]) => field !== SUMMARISED));
    const found = matching({ ...expected, fields }, stored.filter((e) => requests.has(e['http.request.id'])), tokenKey);
    return found.length > 0 ? [] : [`${expected.category}/${expected.action} is not stored as it was told`];
  });
}

const forbidden = (): readonly string[] => [...acts.values()].flat().flatMap((a) => a.forbidden ?? []);

test('at least sixty acts of users are played, and each has a claim of its own', () => {
  const all = [...acts.values()].flat();
  expect(all.filter((a) => a.expect !== undefined).length).toBeGreaterThanOrEqual(60);
  expect(new Set(all.map((a) => a.title)).size).toBe(all.length);
});

test('each act is told as it should be, and look-alikes are not', () => {
  expect(played.flatMap(({ name, results }) => results.filter((r) => r.problems.length > 0).map((r) => [name, r.act.title, ...r.problems]))).toEqual([]);
});

test('each act\'s events are stored with the persons they name', () => {
  expect(played.flatMap((one) => one.results.map((r) => [one.name, r.act.title, ...storedProblems(r, one)])).filter((r) => r.length > 2)).toEqual([]);
});

test('no raw value of a person is in a spool, our rows of a database, PHP\'s log or a stored line', async () => {
  for (const { name, stage, stored } of played) {
    expect([name, await leaksOf(stage, forbidden())]).toEqual([name, []]);
    expect([name, valuesIn(JSON.stringify(stored), [...rawValuesOf(), ...forbidden()])]).toEqual([name, []]);
  }
});

test('no chain has a gap', async () => {
  for (const { name } of played) expect([name, await pipeline.openGaps(name)]).toEqual([name, []]);
});

test('who read a customer is found by the address that the command is given', async () => {
  const asked = await tourniquet(pipeline.place.home.root, ['audit', 'run', 'who-accessed-subject', '--identifier', 'email', '--reason', 'a test', '--format', 'json'], `${PEOPLE.customer.email}\n`);
  expect([asked.code, asked.err]).toEqual([0, '']);
  expect(asked.out).toContain('"mira"');
  expect(valuesIn(asked.out, rawValuesOf())).toEqual([]);
});

test('no raw value of a person is in any byte of the pipeline or in what it printed', () => {
  const values = rawValuesOf();
  let files = 0;
  for (const { file, bytes } of bytesOnDisk(pipeline.place.home.root)) {
    expect(values.filter((v) => bytes.includes(v)), file).toEqual([]);
    files += 1;
  }
  expect(files).toBeGreaterThan(50);
  expect(valuesIn(pipeline.printed.join('\n'), values)).toEqual([]);
});

test('verify finds every row and every chain in order', async () => {
  await expect.poll(async () => (await verifyStore(pipeline.place.home)).ok).toBe(true);
});
