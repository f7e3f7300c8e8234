import { randomBytes } from 'node:crypto';
import type { EventLog } from '../../contracts/event-log.ts';
import { findMasks } from '../../contracts/masked-span.ts';
import { IDENTIFIER_KINDS, TOKEN_LETTERS } from '../../contracts/token.ts';
import type { Trail } from '../../contracts/trail.ts';
import { listSites } from '../../ingest/sites/site-admin.ts';
import type { KeysClient } from '../../keys/client.ts';
import { coversSite, readHolds } from '../../storage/retention/holds.ts';
import { loadConfig } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { erasuresFile, layTombstone } from '../erasures/erasure-file.ts';
import type { Tombstone } from '../erasures/tombstone.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import type { Home } from '../home.ts';
import { openTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';

export interface EraseOptions {
  readonly reason: string;
  /** A token, or the mask it stands in. */
  readonly subject?: string;
  /** Kind of an identifier that comes in the clear on standard input. */
  readonly identifier?: string;
  readonly site?: string;
  readonly json?: true;
}

interface SubjectToken {
  readonly site: string;
  readonly token: string;
}

/** Erases what can be revealed of a person, for good. Exit code 1 when there is nothing, or a hold forbids it. */
export async function erase(options: EraseOptions): Promise<number> {
  if (options.reason.trim() === '') throw new UsageError('--reason says why; it stands on the trail, so it names no person');
  if ((options.subject === undefined) === (options.identifier === undefined)) throw new UsageError('say whose: --subject TOKEN, or --identifier KIND with the value on standard input');
  const [home, config] = [homeAt(), loadConfig()];
  requireRunning(config, home, 'keys');
  await using log = await openEventLog(config, home);
  const keys = await connectKeys(config, home, 'compliance');
  const asked = options.identifier === undefined ? [await givenToken(log, options)] : await lookedUp(keys, log, options.identifier, options);
  const linked = await withEntries(keys, asked, options.reason);
  const hold = (await readHolds(log.registry)).find((one) => linked.some(({ site }) => coversSite(one, site)));
  if (hold !== undefined) {
    process.stderr.write(`tourniquet: nothing was erased: the legal hold ${hold.id} covers ${hold.site ?? 'every site'}. Release it first, with "tourniquet hold release ${hold.id} --reason …".\n`);
    return 1;
  }
  const trail = await openTrail(log, await connectKeys(config, home, 'gateway'));
  let erased = 0;
  for (const subject of linked) erased += await eraseOne({ home, log, keys, trail, reason: options.reason }, subject);
  report(erased, linked.length, options, erasuresFile(home));
  return linked.length === 0 ? 1 : 0;
}

function report(erased: number, tokens: number, options: EraseOptions, file: string): void {
  if (options.json === true) process.stdout.write(`${JSON.stringify({ tokens, erased })}\n`);
  else if (tokens > 0) process.stdout.write(`Erased ${erased} ${erased === 1 ? 'value' : 'values'} of ${tokens} ${tokens === 1 ? 'token' : 'tokens'}. Proofs hold as before. Keep a copy of ${file} where no backup is restored over it.\n`);
  if (tokens === 0) process.stderr.write('Nothing can be revealed of this person: there is nothing to erase.\n');
}

async function sitesOf(log: EventLog, named: string | undefined): Promise<readonly string[]> {
  const known = (await listSites(log.registry)).map(({ site }) => site);
  if (named === undefined) return known;
  if (!known.includes(named)) throw new UsageError(`there is no site "${named}"; there are ${known.join(', ')}`);
  return [named];
}

/** A token is one site's and one key epoch's. */
async function givenToken(log: EventLog, options: EraseOptions): Promise<SubjectToken> {
  const text = options.subject ?? '';
  const token = findMasks(text)[0]?.token ?? text.trim();
  if (!new RegExp(`^[a-p]{${TOKEN_LETTERS}}$`).test(token)) throw new UsageError(`a token is ${TOKEN_LETTERS} letters a to p, as they stand behind the class in a mask; give it, or the whole mask`);
  const [site, ...others] = await sitesOf(log, options.site);
  if (site === undefined || others.length > 0) throw new UsageError('name the site of the token with --site: a token is one site\'s');
  return { site, token };
}

/** Every token of a person: the identifier comes from standard input, so that no list of processes or history holds it. */
async function lookedUp(keys: KeysClient, log: EventLog, named: string, options: EraseOptions): Promise<readonly SubjectToken[]> {
  const kind = IDENTIFIER_KINDS.find((one) => one === named);
  if (kind === undefined) throw new UsageError(`there is no kind of identifier "${named}"; there are ${IDENTIFIER_KINDS.join(', ')}`);
  const identifier = (await Array.fromAsync(process.stdin)).map(String).join('').replace(/\r?\n$/, '');
  if (identifier === '') throw new UsageError('--identifier takes the value from standard input, where nothing came');
  return keys.lookup(kind, identifier, await sitesOf(log, options.site), options.reason);
}

/** Tokens without anything in the vault are left out: on the trail they would only show which tokens are one person's. */
async function withEntries(keys: KeysClient, asked: readonly SubjectToken[], reason: string): Promise<readonly SubjectToken[]> {
  const found: SubjectToken[] = [];
  for (const [site, subjects] of Map.groupBy(asked, (subject) => subject.site)) {
    const counts = await keys.linked(site, subjects.map(({ token }) => token), reason);
    found.push(...subjects.filter((_, i) => (counts[i] ?? 0) > 0));
  }
  return found;
}

interface EraseParts {
  readonly home: Home;
  readonly log: EventLog;
  readonly keys: KeysClient;
  readonly trail: Trail;
  readonly reason: string;
}

/**
 * First the trail, then the tombstone, then the keys: a kill in between leaves something to erase, and the command can be
 * repeated; never something erased that a restored backup brings back, or of which the trail knows nothing.
 */
async function eraseOne({ home, log, keys, trail, reason }: EraseParts, { site, token }: SubjectToken): Promise<number> {
  const id = Array.from(randomBytes(TOKEN_LETTERS), (byte) => String.fromCharCode(97 + (byte & 15))).join('');
  const act = { action: 'subject-erased', category: ['database'], reason, target: { kind: 'token', name: token, site }, id } as const;
  const tombstone = (state: Tombstone['state']): Tombstone => ({ id, state, atMs: Date.now(), site, token });
  await trail.write({ ...act, outcome: 'unknown' });
  await layTombstone(home, log.registry, tombstone('asked'));
  const erased = await keys.erase(site, token, reason);
  await layTombstone(home, log.registry, tombstone('done'));
  await trail.write({ ...act, outcome: 'success', about: { erased } });
  return erased;
}
