import { hash } from 'node:crypto';
import { NONCE_CHARS } from '../../contracts/chain.ts';
import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { RecoverableValue, Stage, StageBlock, StageVersions, TableRows } from '../../contracts/stage.ts';
import type { TableName } from '../../contracts/tables.ts';
import type { Tier } from '../../contracts/tiers.ts';

/** Of a line under a key as a row names it. */
export function toyToken(key: string, line: string): string {
  return `${key}: ${line}`;
}

/** Of a line: rows of one block go to several tiers. */
export function toyTier(line: string): Tier {
  return line.length % 4 === 0 ? 'health' : 'standard';
}

/**
 * A stage in a few lines of JavaScript: each line a row and a deed that touched one person, an honest tree. A line that says
 * `dead` is a dead letter, one that says `alert` a match, an alert, a value for the vault and, unless it is our own, an observation.
 */
export function createToyStage(versions: StageVersions): Stage {
  return {
    versions,
    begin: () => {
      const parts = new Map<string, { readonly table: TableName; readonly tier: Tier; readonly rows: object[] }>();
      const push = (table: TableName, tier: Tier, row: object): void => {
        const key = `${table} ${tier}`;
        const part = parts.get(key) ?? { table, tier, rows: [] };
        parts.set(key, part);
        part.rows.push(row);
      };
      return {
        add: (block) => {
          const leaves: Buffer[] = [];
          const observations: Observation[] = [];
          const recoverable: RecoverableValue[] = [];
          let dead = 0;
          let alerts = 0;
          for (const [index, line] of linesOf(block).entries()) {
            if (index < block.skipLines) continue;
            const { site, stream, epoch, partition, position } = block;
            const seq = block.firstSeq + index;
            const received_at = new Date(block.receivedAtMs).toISOString();
            const reason = block.rejects.get(index) ?? (line.includes('dead') ? 'not_json' : undefined);
            if (reason !== undefined) {
              push('dead_letters', 'standard', { site, stream, epoch, seq, received_at, partition, position, line_index: index, reason, bytes: line.length, original: line });
              dead += 1;
              continue;
            }
            const leaf = block.firstLeaf + leaves.length;
            const tier = toyTier(line);
            push('events', tier, { site, leaf, stream, epoch, seq, received_at, tier, partition, position, derivation: versions.derivation, user_name: `key ${block.keys.epoch}`, line });
            push('acts', tier, { site, leaf, received_at, tier, partition, position, actor: stream, subjects: 1 });
            push('accesses', tier, { site, subject: toyToken(`key ${block.keys.epoch}`, line), leaf, received_at, tier, partition, position, actor: stream });
            leaves.push(toyLeaf(site, stream, epoch, seq, versions.derivation, block.keys.epoch, line));
            if (!line.includes('alert')) continue;
            push('matches', 'standard', { site, leaf, received_at, partition, position, rule: 'toy', field: line });
            push('alerts', 'standard', { id: `alert_${site}_${leaf}`, site, leaf, received_at, partition, position, rule: 'toy', stream, epoch, seq });
            recoverable.push({ token: toyToken(`key ${block.keys.epoch}`, line), value: line, subjects: [] });
            // A finding must not find itself.
            if (block.provenance !== 'system') observations.push({ by: BY_SITE, value: site, site, leaf, timestamp: block.receivedAtMs, received_at: block.receivedAtMs, rule: 'toy', fields: { line } });
            alerts += 1;
          }
          return { stored: leaves.length, deadLetters: dead, maskedSpans: 0, alerts, leaves: Buffer.concat(leaves), observations, recoverable };
        },
        finish: () => Array.from(parts.values(), ({ table, tier, rows }): TableRows => ({
          table, tier, rows: rows.length, format: 'JSONEachRow', data: Buffer.from(rows.map((r) => JSON.stringify(r)).join('\n')),
        })),
      };
    },
  };
}

export function toyLeaf(site: string, stream: string, epoch: number, seq: number, derivation: number, keyEpoch: number, line: string): Buffer {
  return hash('sha256', `\0${site}\n${stream}\n${epoch}\n${seq}\n${derivation}\n${keyEpoch}\n${line}`, 'buffer');
}

function linesOf(block: StageBlock): readonly string[] {
  return block.body.toString().split('\n').slice(0, -1).map((line) => (block.nonces ? line.slice(NONCE_CHARS + 1) : line));
}
