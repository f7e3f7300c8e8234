import { hash } from 'node:crypto';
import { NONCE_CHARS } from '../../contracts/chain.ts';
import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { RecoverableValue, Stage, StageBlock, StageVersions, TableRows } from '../../contracts/stage.ts';
import type { TableName } from '../../contracts/tables.ts';

/** Of a line under a key as a row names it. */
export function toyToken(key: string, line: string): string {
  return `${key}: ${line}`;
}

/** A stage in a few lines of JavaScript: each line a row, an honest tree. A line that says `dead` is a dead letter, one that says `alert` a match, an alert, a value for the vault and, unless it is our own, an observation. */
export function createToyStage(versions: StageVersions): Stage {
  return {
    versions,
    begin: () => {
      const rows: Record<'events' | 'matches' | 'alerts' | 'dead_letters', object[]> = { events: [], matches: [], alerts: [], dead_letters: [] };
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
              rows.dead_letters.push({ site, stream, epoch, seq, received_at, partition, position, line_index: index, reason, bytes: line.length, original: line });
              dead += 1;
              continue;
            }
            const leaf = block.firstLeaf + leaves.length;
            rows.events.push({ site, leaf, stream, epoch, seq, received_at, partition, position, derivation: versions.derivation, user_name: `key ${block.keys.epoch}`, line });
            leaves.push(toyLeaf(site, stream, epoch, seq, versions.derivation, block.keys.epoch, line));
            if (!line.includes('alert')) continue;
            rows.matches.push({ site, leaf, received_at, partition, position, rule: 'toy', field: line });
            rows.alerts.push({ id: `alert_${site}_${leaf}`, site, leaf, received_at, partition, position, rule: 'toy', stream, epoch, seq });
            recoverable.push({ token: toyToken(`key ${block.keys.epoch}`, line), value: line, subjects: [] });
            // A finding must not find itself.
            if (block.provenance !== 'system') observations.push({ by: BY_SITE, value: site, site, leaf, timestamp: block.receivedAtMs, received_at: block.receivedAtMs, rule: 'toy', fields: { line } });
            alerts += 1;
          }
          return { stored: leaves.length, deadLetters: dead, maskedSpans: 0, alerts, leaves: Buffer.concat(leaves), observations, recoverable };
        },
        finish: () => Object.entries(rows).filter(([, list]) => list.length > 0).map(([table, list]): TableRows => ({
          // Keys of the literal above are table names.
          table: table as TableName, tier: 'standard', rows: list.length, format: 'JSONEachRow', data: Buffer.from(list.map((r) => JSON.stringify(r)).join('\n')),
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
