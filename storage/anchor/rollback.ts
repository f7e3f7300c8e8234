import type { SignedCheckpoint } from './signed-checkpoint.ts';
import type { StoredCheckpoints } from './stored-checkpoints.ts';

/** A checkpoint that was given out and that the store does not have any more, or one that it has and nobody signed. */
export type Rollback = Lost | Forged;

interface Lost {
  readonly site: string;
  /** `rolled-back`: no checkpoint of that size is stored; `re-signed`: one with another root is. */
  readonly kind: 'rolled-back' | 're-signed';
  readonly size: number;
  /** Base64; the root that was given out. */
  readonly root: string;
  /** Who held it. */
  readonly source: 'export-file' | 'site';
}

interface Forged {
  readonly site: string;
  readonly kind: 'forged';
  readonly size: number;
  /** As it is stored. */
  readonly root: string;
  readonly source: 'store';
}

/** Whether the store still has a checkpoint that was given out. */
export async function rollbackOf(stored: Pick<StoredCheckpoints, 'rootsAt'>, { site, size, root }: Pick<SignedCheckpoint, 'site' | 'size' | 'root'>, source: Lost['source']): Promise<Lost | undefined> {
  const roots = await stored.rootsAt(site, size);
  if (roots.includes(root)) return undefined;
  return { site, kind: roots.length === 0 ? 'rolled-back' : 're-signed', size, root, source };
}

const RULE = { id: 'tourniquet.ledger.rolled-back', version: '1', category: 'integrity' } as const;

const FORGED = 'A stored checkpoint was signed by no key of this deployment';
const NAMES: Readonly<Record<Lost['kind'], Readonly<Record<Lost['source'], string>>>> = {
  'rolled-back': {
    'export-file': 'The ledger was rolled back: a checkpoint that was exported is not stored any more',
    site: 'A site holds a checkpoint that the ledger does not: it was rolled back, or the site lies',
  },
  're-signed': {
    'export-file': 'The history was written anew: another root is stored than was exported',
    site: 'A site holds another root of one size than the ledger: the history was written anew, or the site lies',
  },
};

/** Severity critical, as SIEMs number them. */
const CRITICAL = 99;

/** The finding as an event of `_system`, in ECS, which raises an alert of its own. Its id makes repeats one alert. */
export function rollbackLine(rollback: Rollback, nowMs: number): string {
  const { site, kind, size, root, source } = rollback;
  return JSON.stringify({
    '@timestamp': new Date(nowMs).toISOString(),
    event: { kind: 'alert', category: ['intrusion_detection'], action: 'ledger-rolled-back', outcome: 'failure', severity: CRITICAL, id: `${source} ${kind} ${site} ${size} ${root}` },
    rule: { ...RULE, name: rollback.kind === 'forged' ? FORGED : NAMES[rollback.kind][rollback.source] },
    tourniquet: { target: { kind: 'checkpoint', name: `${site}/${size}`, site }, rollback: { kind, source, size, root } },
  });
}

/** For the log and `status`. */
export function rollbackText({ site, kind, size, source }: Rollback): string {
  if (kind === 'forged') return `the store has a checkpoint of ${site} of size ${size} that no key of this deployment signed; while it is the largest, no other is anchored`;
  const held = source === 'site' ? 'the site itself echoes' : 'the export file holds';
  return kind === 'rolled-back' ? `the ledger of ${site} lacks the checkpoint of size ${size} that ${held}: it was rolled back` : `the ledger of ${site} has another root at size ${size} than ${held}: its history was written anew`;
}
