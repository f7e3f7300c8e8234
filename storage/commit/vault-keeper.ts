import type { Vault, VaultEntry } from '../../contracts/keys.ts';

/** Tokens remembered as kept: a returning customer's are seen all day. */
const MOST_REMEMBERED = 100_000;
/** One request: entries, and bytes of their values and subjects; as JSON it stays within what the keys role takes. */
const MOST_ENTRIES = 2_000;
const MOST_BYTES = 512 * 1024;
/** Of one entry; further ones are linked by a repeat of it. */
const MOST_SUBJECTS = 1_000;

/** An address of staff can stand in the events of any number of customers. */
function withFewSubjects(entry: VaultEntry): readonly VaultEntry[] {
  const { subjects } = entry;
  if (subjects.length <= MOST_SUBJECTS) return [entry];
  return Array.from({ length: Math.ceil(subjects.length / MOST_SUBJECTS) }, (_, i) => ({ ...entry, subjects: subjects.slice(i * MOST_SUBJECTS, (i + 1) * MOST_SUBJECTS) }));
}

function bytesOf({ value, subjects }: VaultEntry): number {
  return value.length + subjects.reduce((sum, subject) => sum + subject.length, 0);
}

function* batches(entries: readonly VaultEntry[]): Generator<readonly VaultEntry[]> {
  let batch: VaultEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const more = bytesOf(entry);
    if (batch.length > 0 && (batch.length === MOST_ENTRIES || bytes + more > MOST_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += more;
  }
  if (batch.length > 0) yield batch;
}

/** Puts entries into the vault, without those it put there lately: durable when it resolves. */
export function createVaultKeeper(put: Vault['put'], mostRemembered = MOST_REMEMBERED): (entries: readonly VaultEntry[]) => Promise<void> {
  const kept = new Set<string>();
  const nameOf = ({ site, token, subjects }: VaultEntry): string => [site, token, ...subjects].join('\0');
  return async (entries) => {
    for (const batch of batches(entries.flatMap(withFewSubjects).filter((entry) => !kept.has(nameOf(entry))))) {
      await put(batch);
      for (const entry of batch) kept.add(nameOf(entry));
      for (const oldest of kept) if (kept.size > mostRemembered) kept.delete(oldest);
        else break;
    }
  };
}
