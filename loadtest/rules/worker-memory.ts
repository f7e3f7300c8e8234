import { readRunFile } from '../../roles/run-file.ts';
import { registerSite, runGenerator } from '../pipeline.ts';
import { Throwaway } from '../throwaway.ts';

/** Resident bytes of a worker that runs the rules of a folder beside what is shipped, at most, while events flow. */
export async function measureWorkerMemory(folder: string, seed: number, seconds: number): Promise<{ readonly bytes: number; readonly rules: number; readonly eventsPerSecond: number }> {
  using place = new Throwaway(`rules:\n  paths: ["${folder}"]\n`);
  await using instance = await place.open();
  const addresses = await Promise.race([instance.start(), instance.failed]);
  const { enrolmentSecret } = await registerSite(place.home, 'load');
  let bytes = 0;
  const timer = setInterval(() => {
    bytes = Math.max(bytes, Number(readRunFile(place.home, 'worker')?.status['memory_bytes'] ?? 0));
  }, 500);
  const report = await runGenerator({ gatewayUrls: [addresses.get('gateway') ?? ''], sites: [{ site: 'load', enrolmentSecret }], seed, streams: 4, linesPerBlock: 1_000, durationMs: seconds * 1_000, maxEvents: Number.MAX_SAFE_INTEGER, rate: 20_000, attackShare: 0.01 });
  clearInterval(timer);
  // Written by the worker role.
  const rules = readRunFile(place.home, 'worker')?.status['rules'] as { readonly sigma: number } | undefined;
  return { bytes, rules: rules?.sigma ?? 0, eventsPerSecond: report.events / seconds };
}
