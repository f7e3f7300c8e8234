import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from '../../ingest/wordpress/test-site/browser.ts';
import { PEOPLE } from '../../ingest/wordpress/test-site/people.ts';
import { WordPressSite } from '../../ingest/wordpress/test-site/wordpress-site.ts';
import { median, percentile } from '../report.ts';
import type { Measure } from '../report.ts';

/** As many customers as a list has rows. */
const CUSTOMERS = 100;
const MIB = 1024 ** 2;
const ADDED_MS_MOST = 3;
const ADDED_US_PER_SUBJECT = 20;

interface Cost {
  readonly path: string;
  readonly method: string;
  readonly ms: number;
  readonly cpu_ms: number;
  readonly peak_bytes: number;
}

interface Page {
  readonly name: string;
  /** Persons the plugin has to name. */
  readonly subjects: number;
  /** How often it is asked on a day, of all of these: visitors are many, staff is few. */
  readonly share: number;
  readonly ask: (browser: Browser, site: WordPressSite) => Promise<unknown>;
  /** Of several requests, the one that counts. */
  readonly counts: (cost: Cost) => boolean;
}

const PAGES: readonly Page[] = [
  { name: 'front page', share: 0.95, subjects: 0, ask: (_staff, site) => site.browser().get('/'), counts: () => true },
  { name: 'admin order list', share: 0.03, subjects: 20, ask: (staff) => staff.get('/wp-admin/edit.php?post_type=shop_order'), counts: ({ path: asked }) => asked.includes('edit.php') },
  { name: 'REST list of 100 customers', share: 0.005, subjects: CUSTOMERS, ask: (staff) => staff.rest('GET', '/wc/v3/customers', { query: { per_page: String(CUSTOMERS) } }), counts: ({ path: asked }) => asked.includes('/wc/v3/customers') },
  { name: 'log-in', share: 0.015, subjects: 0, ask: (_staff, site) => site.browser().logIn(PEOPLE.manager), counts: ({ method, path: asked }) => method === 'POST' && asked.includes('wp-login.php') },
];

/** A site whose requests say what they cost. */
class MeasuredSite implements AsyncDisposable {
  readonly site: WordPressSite;
  readonly staff: Browser;
  readonly #directory: string;

  private constructor(site: WordPressSite, staff: Browser, directory: string) {
    this.site = site;
    this.staff = staff;
    this.#directory = directory;
  }

  /** With PHP's own default for how often it asks whether a file changed; the other tests change files. */
  static async start(plugin: 'plugin' | 'none'): Promise<MeasuredSite> {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'tq-cost-'));
    const site = await WordPressSite.start({ plugin, workers: 2, ini: { 'opcache.revalidate_freq': '2' }, constants: { TEST_SITE_MEASURES: path.join(directory, 'costs'), TOURNIQUET_SHIPPING: 'external' } });
    await site.php(`for ($i = 0; $i < ${CUSTOMERS}; $i++) { $id = wp_insert_user(['user_login' => "made.up.{$i}", 'user_pass' => 'x', 'user_email' => "made.up.{$i}@people.example", 'role' => 'customer']); update_user_meta($id, 'billing_country', 'DE'); $order = new WC_Order(['status' => 'completed', 'total' => '10', 'customer_id' => $id, 'order_key' => "k{$i}", 'billing' => ['email' => "made.up.{$i}@people.example", 'last_name' => "N{$i}"]]); StandIn\\OrderStore::save($order); }`);
    // As on a site that ships: its heart beats, and nothing has to be started.
    if (plugin === 'plugin') writeFileSync(path.join(site.spoolDirectory, 'beat'), String(Math.floor(Date.now() / 1000)));
    return new MeasuredSite(site, await site.loggedIn(PEOPLE.administrator), directory);
  }

  /** What one look at a page cost. */
  async cost(page: Page): Promise<Cost> {
    const file = path.join(this.#directory, 'costs');
    rmSync(file, { force: true });
    await page.ask(this.staff, this.site);
    // One line a request, written by the site.
    const costs = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Cost).filter(page.counts) : [];
    const [cost] = costs;
    if (cost === undefined) throw new Error(`the site did not say what ${page.name} cost`);
    return cost;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.site[Symbol.asyncDispose]();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Both sites in turns, so that what slows the machine down slows both. */
async function pairs(page: Page, bare: MeasuredSite, watched: MeasuredSite, rounds: number): Promise<readonly (readonly [Cost, Cost])[]> {
  for (let i = 0; i < 3; i++) {
    await bare.cost(page);
    await watched.cost(page);
  }
  const found: (readonly [Cost, Cost])[] = [];
  for (let i = 0; i < rounds; i++) {
    if (i % 2 === 0) found.push([await bare.cost(page), await watched.cost(page)]);
    else {
      const second = await watched.cost(page);
      found.push([await bare.cost(page), second]);
    }
  }
  return found;
}

export async function measureOverhead(rounds: number): Promise<readonly Measure[]> {
  await using bare = await MeasuredSite.start('none');
  await using watched = await MeasuredSite.start('plugin');
  const measures: Measure[] = [];
  let [cpuBefore, cpuAdded] = [0, 0];
  for (const page of PAGES) {
    const all = await pairs(page, bare, watched, rounds);
    const times = (side: 0 | 1, p: number): number => percentile(all.map((pair) => pair[side].ms), p);
    const most = ADDED_MS_MOST + (page.subjects * ADDED_US_PER_SUBJECT) / 1000;
    measures.push(
      { name: `${page.name}: added, p50`, value: times(1, 50) - times(0, 50), unit: 'ms', note: `${times(0, 50).toFixed(1)} ms without` },
      { name: `${page.name}: added, p95`, value: times(1, 95) - times(0, 95), unit: 'ms', goal: { most }, note: `${times(0, 95).toFixed(1)} ms without` },
      { name: `${page.name}: memory added`, value: median(all.map(([without, with_]) => with_.peak_bytes - without.peak_bytes)) / MIB, unit: 'MiB', goal: { most: 2 } },
      { name: `${page.name}: CPU added`, value: median(all.map(([without, with_]) => with_.cpu_ms - without.cpu_ms)), unit: 'ms', note: `${median(all.map(([without]) => without.cpu_ms)).toFixed(1)} ms without` },
    );
    cpuBefore += page.share * median(all.map(([without]) => without.cpu_ms));
    cpuAdded += page.share * median(all.map(([without, with_]) => with_.cpu_ms - without.cpu_ms));
  }
  return [...measures, { name: 'CPU added, a day\'s mix of these pages', value: (100 * cpuAdded) / cpuBefore, unit: 'percent', goal: { most: 3 } }];
}
