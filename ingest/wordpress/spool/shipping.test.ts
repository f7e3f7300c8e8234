import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatEnrolment } from '../../../contracts/site.ts';
import { actsOf, numbersOf, openTestSpool } from './test-spool.ts';
import type { TestSpool } from './test-spool.ts';

function edit(spool: TestSpool, file: string, change: (text: string) => string): void {
  const at = path.join(spool.directory, file);
  writeFileSync(at, change(readFileSync(at, 'utf8')));
}

describe('shipping', () => {
  it('keeps lines from before enrolment, and ships them in order once enrolled', async () => {
    await using spool = await openTestSpool();
    expect((await spool.run(['append=a:5', 'seal', 'ship'])).kept).toHaveLength(5);
    expect(await spool.status()).toMatchObject({ enrolled: false, lines_waiting: 5, outbox_blocks: 0 });
    const { said } = await spool.run([spool.enrolment, 'append=b:3', 'seal', 'ship', 'ship']);
    expect(said).toEqual(['enrolled well', 'shipped 1', 'shipped 0']);
    expect(numbersOf(await spool.stored())).toEqual(['a-0', 'a-1', 'a-2', 'a-3', 'a-4', 'b-0', 'b-1', 'b-2']);
    expect(await spool.status()).toMatchObject({ enrolled: true, site: 'shop', gateway_host: '127.0.0.1', lines_waiting: 0, outbox_blocks: 0, refused_blocks: 0, lost_lines: 0, error_code: '', chain_epoch: 1, enrol_again: false });
    expect(spool.files('outbox')).toEqual([]);
  });

  it('cuts long backlogs into blocks that continue each other', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:2500:1000', 'seal', 'ship']);
    const stored = await spool.stored();
    expect(numbersOf(stored)).toHaveLength(2500);
    expect(new Set(stored.map(({ block }) => block.first_seq)).size).toBeGreaterThan(4);
  });

  it('changes its key each MiB and each hour, erases the one before, and the gateway follows', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:1200:1000', 'seal', 'append=b:1', 'seal', 'ship']);
    await spool.run(['append=c:1', 'seal', 'ship'], { CLOCK: '3700' });
    const stored = await spool.stored();
    expect(new Set(stored.map(({ block }) => block.key)).size).toBe(3);
    expect(numbersOf(stored).slice(-2)).toEqual(['b-0', 'c-0']);
    expect(spool.files().filter((name) => name.startsWith('seed-'))).toHaveLength(1);
  });

  it('stays enrolled when another line is refused', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:1', 'seal']);
    const other = `enrol=${formatEnrolment('other', 'A'.repeat(43), 'http://127.0.0.1:9')}`;
    const { said } = await spool.run([other, spool.enrolment.replace('tq1.shop.', 'tq1.shop2.'), 'append=b:1', 'seal', 'ship']);
    expect(said).toEqual([expect.stringMatching(/^enrolled The gateway cannot be reached/), expect.stringMatching(/^enrolled The gateway refused the enrolment/), 'shipped 2']);
    expect(numbersOf(await spool.stored())).toEqual(['a-0', 'b-0']);
    expect(await spool.status()).toMatchObject({ site: 'shop', chain_epoch: 1, enrol_again: false });
  });

  it('neither stops nor floods when the clock jumps by days, either way', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'beat', 'append=a:1', 'seal', 'ship']);
    for (const days of [3, 3, -400, -400, 0, 9000, 0]) {
      const { said } = await spool.run(['beat', 'beat', 'append=b:1', 'seal', 'ship'], { CLOCK: String(days * 86_400) });
      expect(said.filter((line) => line === 'beat yes').length).toBeLessThan(2);
      expect(said.at(-1)).toBe('shipped 1');
    }
    expect(numbersOf(await spool.stored())).toHaveLength(8);
    expect(actsOf(await spool.stored(), 'heartbeat')).toHaveLength(6);
  });

  it('waits as the gateway says, and longer from failure to failure', async () => {
    let down = false;
    await using spool = await openTestSpool({
      gate: async (_what, effect) => {
        if (down) throw Object.assign(new Error('down'), { retryable: true });
        return effect();
      },
    });
    await spool.run([spool.enrolment, 'append=a:1', 'seal']);
    down = true;
    expect((await spool.run(['ship', 'ship'])).said).toEqual(['shipped 0', 'shipped 0']);
    expect(await spool.status()).toMatchObject({ error_code: 'TQ-GATEWAY-32', failures: 1, outbox_blocks: 1, lines_waiting: 1 });
    await spool.run(['ship'], { CLOCK: '3600' });
    expect(await spool.status()).toMatchObject({ failures: 2 });
    down = false;
    // A clock that was right again would wait for an hour by what the wrong one wrote.
    expect((await spool.run(['ship'])).said).toEqual(['shipped 1']);
    expect(await spool.status()).toMatchObject({ failures: 0, error_code: '' });
  });
});

describe('what somebody changed', () => {
  it('lines taken from an open file are told', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:5']);
    edit(spool, 'open-000000000001.ndjson', (text) => text.split('\n').slice(2).join('\n'));
    await spool.run(['append=b:1', 'seal', 'seal', 'ship']);
    const stored = await spool.stored();
    expect(numbersOf(stored)).toEqual(['a-2', 'a-3', 'a-4', 'b-0']);
    expect(actsOf(stored, 'spool-truncated').map((e) => e.wordpress?.spool?.lines)).toEqual([2]);
  });

  it('a torn end is cut off and told', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:2']);
    edit(spool, 'open-000000000001.ndjson', (text) => `${text}AAECAwQFBgcICQoLDA0ODw {"n":"to`);
    await spool.run(['append=b:1', 'seal', 'seal', 'ship']);
    const stored = await spool.stored();
    expect(numbersOf(stored)).toEqual(['a-0', 'a-1', 'b-0']);
    expect(actsOf(stored, 'spool-repaired')).toHaveLength(1);
  });

  it('a block that was edited is put aside, told, and leaves a hole that the gateway sees', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:2', 'seal', 'append=b:2', 'seal', 'append=c:2', 'seal']);
    edit(spool, 'outbox/000001-000000000002.block', (text) => text.replace('"b-0"', '"z-0"'));
    expect((await spool.run(['ship', 'seal', 'ship'])).said).toEqual(['shipped 2', 'shipped 1']);
    const stored = await spool.stored('with holes');
    expect(numbersOf(stored)).toEqual(['a-0', 'a-1', 'c-0', 'c-1']);
    expect(actsOf(stored, 'block-refused')).toHaveLength(1);
    expect(await spool.status()).toMatchObject({ refused_blocks: 1, outbox_blocks: 0, error_code: '' });
  });

  it('a block that was deleted is missed', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:2', 'seal', 'ship', 'append=b:3', 'seal', 'append=c:2', 'seal']);
    rmSync(path.join(spool.directory, 'outbox/000001-000000000002.block'));
    await spool.run(['ship', 'seal', 'ship']);
    const stored = await spool.stored('with holes');
    expect(actsOf(stored, 'spool-truncated').map((e) => e.wordpress?.spool?.lines)).toEqual([3]);
  });

  it('a state that was set back starts a new epoch, so that no sequence is used twice', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:2', 'seal', 'ship']);
    const before = readFileSync(path.join(spool.directory, 'state.json'));
    await spool.run(['append=b:2', 'seal', 'ship', 'append=c:2', 'seal']);
    writeFileSync(path.join(spool.directory, 'state.json'), before);
    await spool.run(['append=d:2', 'seal', 'seal', 'ship']);
    const stored = await spool.stored();
    expect(numbersOf(stored).toSorted()).toEqual(['a-0', 'a-1', 'b-0', 'b-1', 'c-0', 'c-1', 'd-0', 'd-1']);
    expect(stored.at(-1)?.block.epoch).toBe(2);
    expect(actsOf(stored, 'spool-restored')).toHaveLength(1);
  });

  it('a lost key starts a new epoch, and a key the gateway does not know asks for enrolment without losing a line', async () => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'append=a:2', 'seal', 'ship']);
    for (const name of spool.files().filter((file) => file.startsWith('seed-'))) rmSync(path.join(spool.directory, name));
    await spool.run(['append=b:2', 'seal', 'ship']);
    expect(await spool.status()).toMatchObject({ chain_epoch: 2, enrol_again: true, error_code: 'TQ-GATEWAY-04', lines_waiting: 2 });
    expect((await spool.run([await spool.rotate(), 'append=c:1', 'seal', 'ship'])).said).toEqual(['enrolled well', 'shipped 2']);
    expect(numbersOf(await spool.stored())).toEqual(['a-0', 'a-1', 'b-0', 'b-1', 'c-0']);
    expect(await spool.status()).toMatchObject({ enrol_again: false, error_code: '', lines_waiting: 0 });
  });

  it.each(['state.json', 'tally', 'shipping.json', 'beat'])('a damaged %s stops nothing', async (file) => {
    await using spool = await openTestSpool();
    await spool.run([spool.enrolment, 'beat', 'append=a:2', 'seal', 'ship', 'append=b:2']);
    edit(spool, file, (text) => text.slice(0, text.length / 2));
    await spool.run(['append=c:2', 'seal', 'ship']);
    expect((await spool.run(['append=d:1', 'seal', 'ship'])).kept).toEqual(['d-0']);
    expect(numbersOf(await spool.stored()).toSorted()).toEqual(['a-0', 'a-1', 'b-0', 'b-1', 'c-0', 'c-1', 'd-0']);
  });
});
