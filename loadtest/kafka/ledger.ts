import type { ClickHouseClient } from '@clickhouse/client';
import { rowsOf } from '../store-reader.ts';

/** What was acknowledged, held against what is stored. Lines are told apart by their action. */
export class Ledger {
  /** Of each acknowledged action: its site. */
  readonly #acknowledged = new Map<string, string>();
  readonly #repeating: ReadonlySet<string>;

  /** `repeating`: sites whose producer may have written a line twice, each time as a record of its own. */
  constructor(repeating: readonly string[] = []) {
    this.#repeating = new Set(repeating);
  }

  acknowledge(site: string, actions: readonly string[]): void {
    for (const action of actions) this.#acknowledged.set(action, site);
  }

  /** The log let go of them before anyone stored them. */
  forget(actions: readonly string[]): void {
    for (const action of actions) this.#acknowledged.delete(action);
  }

  get size(): number {
    return this.#acknowledged.size;
  }

  /** A sentence for each kind of difference; empty when each acknowledged line is stored once, at its site. */
  async differences(client: ClickHouseClient): Promise<readonly string[]> {
    const rows = await rowsOf<{ site: string; action: string; n: number }>(client, "SELECT site, action, count() AS n FROM tourniquet.events WHERE site != '_system' AND provenance != 'system' GROUP BY site, action");
    const stored = new Map(rows.map((row) => [row.action, row]));
    const missing = [...this.#acknowledged].filter(([action, site]) => stored.get(action)?.site !== site).map(([action]) => action);
    const twice = rows.filter((row) => row.n > 1 && !this.#repeating.has(row.site)).map((row) => row.action);
    const unknown = rows.filter((row) => !this.#acknowledged.has(row.action)).map((row) => row.action);
    return [told('acknowledged and not stored', missing), told('stored twice', twice), told('stored and never acknowledged', unknown)].filter((t) => t !== '');
  }
}

function told(what: string, actions: readonly string[]): string {
  return actions.length === 0 ? '' : `${actions.length} lines are ${what}: ${actions.slice(0, 3).join(', ')}`;
}
