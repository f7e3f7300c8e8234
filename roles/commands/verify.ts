import { homeAt } from '../home.ts';
import { createProgress } from '../progress.ts';
import { verifyStore } from '../verify-store.ts';

/** Exit code 0 when every root holds, 1 when one does not. */
export async function verify(options: { readonly json?: true }): Promise<number> {
  const progress = createProgress('verify');
  const startedAt = performance.now();
  const verdict = await verifyStore(homeAt(), (event) => {
    if (options.json === true) process.stdout.write(`${JSON.stringify(event)}\n`);
    else if (event.type === 'progress') progress.update(event.leaves, event.ofLeaves, event.site);
  });
  if (options.json === true) return verdict.ok ? 0 : 1;
  if (verdict.sites.length > 0) progress.end();
  for (const p of verdict.problems) process.stdout.write(`PROBLEM  ${p.site}  ${p.kind}  ${p.message}\n`);
  for (const s of verdict.sites) {
    const pending = s.leaves - s.attested;
    process.stdout.write(`${s.ok ? 'ok     ' : 'BROKEN '}  ${s.site}  ${s.attested} events under ${s.checkpoints} checkpoints${pending === 0 ? '' : `, ${pending} newer than the last one`}, root ${s.root}\n`);
  }
  const rows = verdict.sites.reduce((n, s) => n + s.leaves, 0);
  process.stdout.write(`${verdict.ok ? 'Everything holds' : 'The store does not hold'}: ${verdict.text} (${Math.round(rows / ((performance.now() - startedAt) / 1000))} rows/s).\n`);
  return verdict.ok ? 0 : 1;
}
