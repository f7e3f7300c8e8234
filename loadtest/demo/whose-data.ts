import type { ScopeReport } from '../../contracts/scope.ts';
import { loadConfig } from '../../roles/config/config.ts';
import { readingClient, storageAccess } from '../../roles/connections.ts';
import type { Home } from '../../roles/home.ts';
import { createScopeStore } from '../../storage/scope/clickhouse-store.ts';
import { computeScope } from '../../storage/scope/compute-scope.ts';
import { LEAST_CONFIDENCE } from '../../storage/scope/reasons.ts';
import { rowsOf } from '../store-reader.ts';
import type { DemoBreach } from './breach.ts';
import type { DemoDay } from './day.ts';

const DAY_MS = 86_400_000;

/** The alert that an analyst would begin with. */
const ALERT = 'Site taken over';

/** Whose data the scope says the breach touched. */
export interface WhoseData {
  readonly alert: string;
  readonly report: ScopeReport;
}

/** Asks for the scope of the breach's alert over the whole day, as `tourniquet scope` does; undefined when there was no such alert. */
export async function whoseData(home: Home, { breach, startMs }: DemoDay): Promise<WhoseData | undefined> {
  await using client = readingClient(await storageAccess(loadConfig({ TOURNIQUET_HOME: home.root }), home, 'reader'));
  const [alert] = await rowsOf<{ readonly id: string }>(client, 'SELECT id FROM alerts WHERE site = {site:String} AND title = {title:String} ORDER BY timestamp, id LIMIT 1', { site: breach.site, title: ALERT });
  if (alert === undefined) return undefined;
  const request = { site: breach.site, seed: { kind: 'alert', value: alert.id }, fromMs: startMs, toMs: startMs + DAY_MS, leastConfidence: LEAST_CONFIDENCE } as const;
  return { alert: alert.id, report: await computeScope(createScopeStore(client), request) };
}

/** Holds the persons of a report against the truth. */
export function judgePersons({ persons }: DemoBreach, report: ScopeReport | undefined): { readonly ok: boolean; readonly text: string } {
  if (report === undefined) return { ok: false, text: `nothing to ask with: no alert "${ALERT}"` };
  const besides = report.subjects.filter(({ subject }) => !persons.has(subject)).length;
  const found = report.subjects.length - besides;
  return { ok: found === persons.size && besides === 0, text: `${found} of ${persons.size}, ${besides === 0 ? 'none' : besides} besides` };
}
