import type { Vault, VaultEntry } from '../../contracts/keys.ts';

/** Tokens remembered as kept: a returning customer's are seen all day. */
const MOST_REMEMBERED = 100_000;
/** One request: entries, and bytes of their values. */
const MOST_ENTRIES = 2_000;
const MOST_BYTES = 512 * 1024;

function* batches(entries: readonly VaultEntry[]): Generator<readonly VaultEntry[]> {
  let batch: VaultEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (batch.length > 0 && (batch.length === MOST_ENTRIES || bytes + entry.value.length > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.value.length;
  }
  if (batch.length > 0) yield batch;
}

/** Puts entries into the vault, without those it put there lately: durable when it resolves. */
export function createVaultKeeper(put: Vault['put'], mostRemembered = MOST_REMEMBERED): (entries: readonly VaultEntry[]) => Promise<void> {
  const kept = new Set<string>();
  const nameOf = ({ site, token, subjects }: VaultEntry): string => [site, token, ...subjects].join('\0');
  return async (entries) => {
    for (const batch of batches(entries.filter((entry) => !kept.has(nameOf(entry))))) {
      await put(batch);
      for (const entry of batch) kept.add(nameOf(entry));
      for (const oldest of kept) if (kept.size > mostRemembered) kept.delete(oldest);
        else break;
    }
  };
}
