import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LetterKeys } from '../../contracts/keys.ts';
import type { Letter } from '../../contracts/letter.ts';
import type { Act } from '../../contracts/trail.ts';
import { RespondError } from '../errors.ts';

/** A box in force: the plugin of a site that waits for letters there, and of which key epochs it has some. */
export interface WaitingBox {
  readonly site: string;
  /** X25519 public key, 32 bytes as base64url. */
  readonly boxKey: string;
  readonly epochs: ReadonlySet<number>;
}

export interface LetterWriterDeps {
  readonly keys: LetterKeys;
  /** Every box in force, as the register has it now. */
  readonly boxes: () => Iterable<WaitingBox>;
  /** Done before a box gets its first letter, and again when that failed. */
  readonly welcome: (box: WaitingBox) => Promise<void>;
  /** Puts a letter where its box is asked for: durable when it resolves, and the first for a box and epoch stays. */
  readonly put: (box: WaitingBox, letter: Letter) => Promise<void>;
  /** Durable when it resolves: no letter goes out before. */
  readonly note: (act: Act) => Promise<void>;
  readonly onError?: (error: unknown) => void;
  readonly pollMs?: number;
  /** How often the keys role is asked whether there is a new key epoch: each question stands on its audit. */
  readonly epochsEveryMs?: number;
}

export interface LetterWriter extends AsyncDisposable {
  status(): { readonly written: number };
}

const POLL_MS = 1_000;
const EPOCHS_EVERY_MS = 60_000;
const AFTER_FAILURE_MS = 5_000;
const MOST_PAUSE_MS = 5 * 60_000;

/**
 * Writes the letters that are missing, of every key epoch, for every box in force; runs until disposed. What fails is
 * tried again, a box by itself, so that a bad one holds up no other.
 */
export function startLetterWriter(deps: LetterWriterDeps): LetterWriter {
  const { pollMs = POLL_MS, epochsEveryMs = EPOCHS_EVERY_MS, onError = () => undefined } = deps;
  const stop = new AbortController();
  const failures = new Map<string, { readonly times: number; readonly againAtMs: number }>();
  let newestEpoch = 0;
  let askAtMs = 0;
  let written = 0;

  async function serve(box: WaitingBox): Promise<void> {
    if (box.epochs.size === 0) await deps.welcome(box);
    const letters = await deps.keys.sealTokenKeys(box.site, Buffer.from(box.boxKey, 'base64url'));
    newestEpoch = Math.max(newestEpoch, letters.length);
    const missing = letters.filter(({ key_epoch: epoch }) => !box.epochs.has(epoch));
    await deps.note(sealedAct(box, missing.map(({ key_epoch: epoch }) => epoch)));
    for (const letter of missing) await deps.put(box, letter);
    written += missing.length;
    const [now] = [...deps.boxes()].filter((other) => nameOf(other) === nameOf(box));
    if (now !== undefined && lacks(now.epochs, letters.length)) throw new RespondError('TQ-RESPOND-20', box.site);
  }

  async function round(): Promise<void> {
    const waiting = [...deps.boxes()];
    if (waiting.length > 0 && performance.now() >= askAtMs) {
      askAtMs = performance.now() + Math.min(AFTER_FAILURE_MS, epochsEveryMs);
      newestEpoch = Math.max(newestEpoch, await deps.keys.newestEpoch());
      askAtMs = performance.now() + epochsEveryMs;
    }
    for (const box of waiting.filter(({ epochs }) => lacks(epochs, newestEpoch))) {
      if (stop.signal.aborted) return;
      const failed = failures.get(nameOf(box));
      if (failed !== undefined && performance.now() < failed.againAtMs) continue;
      await serve(box).then(
        () => failures.delete(nameOf(box)),
        (error: unknown) => {
          const times = (failed?.times ?? 0) + 1;
          failures.set(nameOf(box), { times, againAtMs: performance.now() + Math.min(MOST_PAUSE_MS, pollMs * 2 ** Math.min(times, 20)) });
          onError(error);
        },
      );
    }
  }

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await round().catch(onError);
      await sleep(pollMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    status: () => ({ written }),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** Two sites may have one box: a clone that was enrolled by itself. */
function nameOf({ site, boxKey }: WaitingBox): string {
  return `${site} ${boxKey}`;
}

function lacks(epochs: ReadonlySet<number>, newest: number): boolean {
  for (let epoch = 1; epoch <= newest; epoch++) if (!epochs.has(epoch)) return true;
  return false;
}

/** Says that a token key left for a box, of which it names the first 8 bytes of the SHA-256. */
function sealedAct({ site, boxKey }: WaitingBox, epochs: readonly number[]): Act {
  const box = createHash('sha256').update(Buffer.from(boxKey, 'base64url')).digest('hex').slice(0, 16);
  return {
    action: 'token-key-sealed', category: ['iam'], outcome: 'unknown', actor: { name: 'role:respond' }, target: { kind: 'site', name: site, site },
    about: { box, epochs }, id: `letter ${site}/${box}/${epochs.join('.')}`,
  };
}
