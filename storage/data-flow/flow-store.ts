import type { ClickHouseClient } from '@clickhouse/client';
import { createScopeStore } from '../scope/clickhouse-store.ts';
import { scopeRows } from '../scope/scope-rows.ts';
import { AT_MS, IN_TIMES, OF_SITE, REFUSED_SQL } from '../scope/time-sql.ts';
import type { FlowStore, StoredFlow } from './compute-data-flow.ts';

/** Also where the event names no destination, but for a backup: that need not leave. */
const SENT = "(how IN ('ai', 'mail', 'outbound') OR (how = 'backup' AND destination != ''))";
/** What the site refused to send, it did not send. */
const LEFT = `leaf NOT IN (SELECT leaf FROM events WHERE ${OF_SITE} AND ${IN_TIMES} AND category IN ('ai', 'outbound', 'email') AND ${REFUSED_SQL})`;
/** Classes that are somebody's data; `ip` is a company's, `attack` and `activity` are nobody's. */
const PERSONAL = "arrayExists(name -> match(toString(name), '^(pii|phi|fin|pci)[.]'), t.classes)";

const FLOWS = `
  SELECT destination, region AS said, how, plugin, arraySort(groupUniqArrayArray(arrayMap(name -> toString(name), t.classes))) AS classes, count() AS deeds, sum(t.records) AS records,
    min(${AT_MS}) AS firstMs, max(${AT_MS}) AS lastMs, groupArraySorted(8)(leaf) AS leaves
  FROM acts AS t WHERE ${OF_SITE} AND ${IN_TIMES} AND ${SENT} AND ${LEFT} AND (subjects > 0 OR ${PERSONAL})
  GROUP BY destination, said, how, plugin`;

/** Persons by the leaves' own region: `accesses` does not hold it. */
const PERSONS = `
  SELECT a.destination AS destination, a.region AS said, a.how AS how, a.plugin AS plugin, uniqExact(p.subject) AS subjects
  FROM (SELECT subject, leaf FROM accesses WHERE ${OF_SITE} AND ${IN_TIMES} AND ${SENT} AND ${LEFT}) AS p
  INNER JOIN (SELECT leaf, destination, region, how, plugin FROM acts WHERE ${OF_SITE} AND ${IN_TIMES} AND ${SENT} AND subjects > 0) AS a ON a.leaf = p.leaf
  GROUP BY destination, said, how, plugin`;

function nameOf({ destination, said, how, plugin }: Pick<StoredFlow, 'destination' | 'said' | 'how' | 'plugin'>): string {
  return [destination, said, how, plugin].join('\n');
}

/** The trail as the store holds it. `client` may read. */
export function createFlowStore(client: ClickHouseClient): FlowStore {
  const rows = scopeRows(client);
  const { horizon, facts } = createScopeStore(client);
  return {
    horizon, facts,
    async flows(view, times) {
      const asked = { ...view, ...times };
      const [flows, persons] = await Promise.all([rows<Omit<StoredFlow, 'subjects'>>(FLOWS, asked), rows<Pick<StoredFlow, 'destination' | 'said' | 'how' | 'plugin' | 'subjects'>>(PERSONS, asked)]);
      const subjects = new Map(persons.map((one) => [nameOf(one), one.subjects]));
      return flows.map((flow) => ({ ...flow, subjects: subjects.get(nameOf(flow)) ?? 0 }));
    },
  };
}
