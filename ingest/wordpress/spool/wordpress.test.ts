import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { WordPressSite } from '../test-site/wordpress-site.ts';
import { actsOf, openTestSpool } from './test-spool.ts';
import type { TestSpool } from './test-spool.ts';

const PLUGIN = 'Tourniquet\\Plugin::get()';
const MINUTE = `do_action('tourniquet_minute');`;

function enrolIn(spool: TestSpool): string {
  return `echo json_encode(${PLUGIN}->spool()->enrol('${spool.enrolment.slice('enrol='.length)}'));`;
}

/** Waits for what the site does by itself; a minute is far more than it needs. */
async function until<T>(look: () => Promise<readonly T[]>, where: () => string): Promise<readonly T[]> {
  for (let turn = 0; turn < 120; turn += 1) {
    const found = await look();
    if (found.length > 0) return found;
    await sleep(500);
  }
  throw new Error(`nothing came: ${where()}`);
}

describe('in WordPress', () => {
  it('ships by itself: a page starts the beat, which goes on without any page', async () => {
    await using site = await WordPressSite.start({ constants: { TOURNIQUET_OWN_HEARTBEAT: true } });
    await using spool = await openTestSpool({ directory: site.spoolDirectory });
    expect(await site.php(enrolIn(spool))).toBe('null');
    await fetch(`${site.url}/wp-login.php`, { method: 'POST', body: new URLSearchParams({ log: 'nobody', pwd: 'wrong' }) });
    await until(async () => actsOf(await spool.stored(), 'login-failed'), () => `${spool.files().join(' ')}\n${site.phpLog}`);
    expect(actsOf(await spool.stored(), 'heartbeat')).toHaveLength(1);
    // As if the minute were over.
    const beat = path.join(spool.directory, 'beat');
    writeFileSync(beat, String(Number(readFileSync(beat, 'utf8')) - 100));
    await until(async () => actsOf(await spool.stored(), 'heartbeat').slice(1), () => `${spool.files().join(' ')}\n${site.phpLog}`);
    expect(site.phpLog).toBe('');
    await site.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins('tourniquet/tourniquet.php');`);
    expect(existsSync(path.join(spool.directory, 'beat.stop'))).toBe(true);
    // Its last word goes out with the page that switched it off.
    expect(actsOf(await spool.stored(), 'plugin-deactivated')).toHaveLength(1);
  });

  it('answers a beat without its key as a page that is not there', async () => {
    await using site = await WordPressSite.start();
    for (const key of ['', '1.0', `${Math.floor(Date.now() / 1000)}.${'0'.repeat(64)}`]) {
      expect((await fetch(`${site.url}/wp-content/plugins/tourniquet/beat.php?key=${key}`)).status).toBe(404);
    }
  });

  it('tells a restored database, a deleted spool and a moved site, each as a new epoch, and goes on', async () => {
    await using site = await WordPressSite.start();
    await using spool = await openTestSpool({ directory: site.spoolDirectory });
    const identity = path.join(spool.directory, 'identity.json');
    await site.php(enrolIn(spool) + MINUTE);
    const option = await site.php(`echo json_encode(get_site_option('tourniquet_chain'));`);
    await site.php(MINUTE + MINUTE);
    await site.php(`${PLUGIN}->journal()->record('process', 'error-shown');`);
    await site.php(MINUTE + MINUTE);
    expect(await spool.status()).toMatchObject({ chain_epoch: 1 });
    await site.php(`update_site_option('tourniquet_chain', json_decode('${option}', true));`);
    await site.php(MINUTE + MINUTE);
    expect(await spool.status()).toMatchObject({ chain_epoch: 2, error_code: '' });
    expect(actsOf(await spool.stored(), 'database-restored')).toHaveLength(1);

    const enrolled = readFileSync(identity);
    rmSync(spool.directory, { recursive: true });
    await site.php(MINUTE);
    expect(await spool.status()).toMatchObject({ chain_epoch: 3, enrolled: false });
    writeFileSync(identity, enrolled);
    await site.php(`${MINUTE}`);
    expect(await spool.status()).toMatchObject({ enrol_again: true });
    const { said } = await spool.run([await spool.rotate()]);
    expect(said).toEqual(['enrolled well']);
    await site.php(MINUTE);
    expect(actsOf(await spool.stored(), 'spool-deleted')).toHaveLength(1);

    await site.php(`update_option('home', 'http://127.0.0.1:1/copy');`);
    await site.php(MINUTE + MINUTE);
    expect(await spool.status()).toMatchObject({ is_copy: true, enrol_again: true, error_code: '' });
    const stored = await spool.stored();
    expect(actsOf(stored, 'site-cloned')).toHaveLength(1);
    expect(new Set(stored.map(({ block }) => block.stream)).size).toBe(2);
    expect(site.phpLog).toBe('');
  });

  it('is one spool for a whole network, and ships by a cron line without a web server', async () => {
    await using site = await WordPressSite.start({ isNetwork: true });
    await using spool = await openTestSpool({ directory: site.spoolDirectory });
    await site.php(enrolIn(spool));
    const script = path.join(site.tree.root, 'wp-content/plugins/tourniquet/ship.php');
    // Run side by side with this process, in which the gateway answers.
    const { stdout } = await promisify(execFile)('php', [script, '--url', site.url]);
    expect(stdout).toMatch(/^[1-9] blocks shipped, 0 wait\n$/);
    await site.php(`${MINUTE}${MINUTE}`, '/second/');
    await site.php(`${MINUTE}${MINUTE}`);
    expect(await spool.status()).toMatchObject({ chain_epoch: 1, is_copy: false, error_code: '', outbox_blocks: 0 });
    expect(actsOf(await spool.stored(), 'plugin-activated')).toHaveLength(1);
    await expect(promisify(execFile)('php', [script, '--spool', '/nowhere'])).rejects.toMatchObject({ code: 2 });
    expect((await fetch(`${site.url}/wp-content/plugins/tourniquet/ship.php`)).status).toBe(404);
    // WordPress's own network code is older than this PHP.
    expect(site.phpLog).not.toContain('/tourniquet/');
  });

  it('chooses a directory below wp-content that is not handed out, when there is none beside it', async () => {
    await using site = await WordPressSite.start({ constants: { TOURNIQUET_SPOOL_DIRECTORY: '' } });
    const found = JSON.parse(await site.php(`$place = ${PLUGIN}->place(); echo json_encode([$place->directory(), $place->isOutsideWebRoot(), Tourniquet\\Spool\\SelfTest::run($place), $place->directory() === Tourniquet\\Spool\\Place::find(${PLUGIN}->settings())->directory()]);`)) as readonly unknown[];
    expect(found[3]).toBe(true);
    expect(String(found[0])).toMatch(/\/\.?tourniquet-[0-9a-f]{16}$/);
    // PHP's own web server knows no deny rules: the self-test finds out, or there is nothing to find.
    expect(found[1] === true ? ['outside'] : ['denied', 'served']).toContain(found[2]);
    // A copy whose database still names the other's directory.
    await site.php(`update_site_option('tourniquet_spool', ['directory' => '/tmp/of-the-other', 'home' => 'other']);`);
    expect(JSON.parse(await site.php(`echo json_encode(${PLUGIN}->place()->directory());`))).toBe(found[0]);
  });
});
