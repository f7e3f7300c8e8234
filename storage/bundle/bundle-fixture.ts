import type { KeyObject } from 'node:crypto';
import { announcementText } from '../../contracts/announced-key.ts';
import { ed25519PrivateKey, ed25519PublicKey, rawPublicKey } from '../../contracts/block.ts';
import { checkpointText, formatVerifier, signNote } from '../../contracts/checkpoint.ts';
import { signExpiry } from '../../contracts/expiry.ts';
import { leafHash } from '../../contracts/leaf.ts';
import type { LeafEnvelope } from '../../contracts/leaf.ts';
import { EMPTY_ROOT, hashChildren } from '../../contracts/merkle.ts';
import { proofRanges } from '../../contracts/proof.ts';
import { signRedaction } from '../../contracts/redaction.ts';
import { createRuleSet } from '../../contracts/rule-set.ts';
import type { ScopeDeed, ScopeReport, ScopeSubject } from '../../contracts/scope.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { tokenOf } from '../../contracts/token.ts';
import { REFUSED, touchedPeople, totalsBy, totalsByJurisdiction, unnamedRecords } from '../scope/touched-people.ts';
import { evidenceLeaves } from './bundle-input.ts';
import type { Batch, BundleCheckpoint, BundleInput, LeafProof, ProvenEvidence, StoredEvidence } from './bundle-input.ts';
import { noticeKeyOf } from './recipients.ts';

/** A made-up breach with its log, complete and signed, for tests of bundles. Everything in it follows from the seed. */
export interface BreachPlan {
  readonly seed: number;
  /** Deeds of the breach; between them stand as many lines of other people. */
  readonly deeds: number;
  readonly persons: number;
}

export const SITE = 'clinic-shop';
export const DEPLOYMENT = 'tourniquet-example';
export const FROM_MS = Date.UTC(2026, 10, 2);
const DAY_MS = 86_400_000;
const BATCH_LINES = 20;
/** Deed that was redacted, and the one whose line expired. */
export const REDACTED_DEED = 3;
export const EXPIRED_DEED = 5;
/** What an attacker may write into a name. */
export const HOSTILE_NAME = '"><script>alert(1)</script>\u202e';

export const OLD_KEY = ed25519PrivateKey(Buffer.alloc(32, 1));
export const KEY = ed25519PrivateKey(Buffer.alloc(32, 2));
const RETENTION_KEY = ed25519PrivateKey(Buffer.alloc(32, 3));
export const TOKEN_KEY = Buffer.alloc(32, 4);
export const NEWEST_EPOCH = 2;

export function verifierOf(key: KeyObject, name = DEPLOYMENT): string {
  return formatVerifier(name, ed25519PublicKey(rawPublicKey(key)));
}

export function emailOf(person: number): string {
  return `person${person}@example.org`;
}

interface Log {
  readonly lines: readonly StoredEvidence[];
  readonly hashes: readonly Buffer[];
}

const HOWS = ['list', 'view', 'export', 'list', 'api', 'mail', 'change'] as const;
const CLASSES: Readonly<Record<string, readonly string[]>> = { list: ['pii.email', 'pii.name'], view: ['phi.diagnosis', 'pii.email'], export: ['phi.prescription', 'pii.address', 'pii.email'], api: ['pii.email'], mail: ['pii.email'], change: ['pci.pan'] };

export function breachInput({ seed, deeds: deedCount, persons }: BreachPlan): BundleInput {
  const random = seededRandom(seed);
  const deeds = Array.from({ length: deedCount }, (_, i) => deedOf(i, deedCount, persons, random));
  const log = logOf(deeds, random);
  const report = reportOf(deeds, log.hashes.length);
  const { computed, newest } = checkpointsOf(log);
  const ruleSet = ruleSetOf();
  return {
    deployment: DEPLOYMENT, report: { ...report, rules: [{ version: ruleSet.version, fromMs: report.firstMs, toMs: report.lastMs }] },
    computed, newest, consistency: proofRanges(0, computed.size, newest.size).map(({ from, to }) => rootOf(log.hashes, from, to)), deploymentEntry: deploymentEntryOf(computed),
    evidence: evidenceOf(log, proofsOf(log.hashes.slice(0, computed.size), evidenceLeaves(report))), expiries: async (ids) => ids.map((id) => ({ id, note: expiryNote(id) })), batches: batchesOf(log),
    ruleSets: [ruleSet], keys: { checkpoint: announcedKeys(), expiry: verifierOf(RETENTION_KEY, `${DEPLOYMENT}-retention`) },
    notice: { epoch: NEWEST_EPOCH, key: noticeKeyOf(TOKEN_KEY) },
    statement: undefined,
    sign: async (body) => signNote(`${DEPLOYMENT}\nbundle\n${SITE}\n${body}`, DEPLOYMENT, KEY),
  };
}

interface FixtureDeed extends ScopeDeed {
  readonly named: readonly number[];
}

function deedOf(i: number, of: number, persons: number, random: Random): FixtureDeed {
  const how = HOWS[i % HOWS.length] ?? 'view';
  const named = Array.from({ length: how === 'view' ? 1 : Math.min(persons, random.between(1, 5)) }, () => random.below(persons));
  const subjects = [...new Set(named)].toSorted((a, b) => a - b);
  const atMs = FROM_MS + Math.floor((i / of) * 9 * DAY_MS) + random.below(3_600_000);
  const classes = CLASSES[how] ?? [];
  return {
    leaf: 2 * i, atMs, receivedAtMs: atMs + 900, by: { kind: 'session', value: 'sess-4f1c' }, confidence: 1, provenance: 'plugin', actor: 'k.reader', session: 'sess-4f1c',
    address: '192.0.2.44', key: '', plugin: i === 0 ? HOSTILE_NAME : '', category: 'data_access', action: i === 0 ? HOSTILE_NAME : `customer-${how}`, outcome: i % 11 !== 10 ? 'success' : how === 'mail' ? REFUSED : 'failure', how, target_kind: how === 'mail' ? 'host' : 'order', target: how === 'mail' ? '' : `order-${i}`,
    destination: how === 'mail' ? 'mail.example.net' : '', region: how === 'mail' ? 'outside' : '', classes, fields: how === 'view' ? ['billing_email', 'diagnosis'] : ['billing_email'],
    records: subjects.length + (how === 'export' ? 40 : 0), subjects: subjects.length, rules: how === 'export' ? ['wp-bulk-export'] : [], named: subjects,
  };
}

function subjectToken(person: number): string {
  return tokenOf(TOKEN_KEY, 'email', emailOf(person));
}

/** Deeds on even leaves, lines of others on odd ones, and some after the last deed. */
function logOf(deeds: readonly FixtureDeed[], random: Random): Log {
  const lines = Array.from({ length: deeds.length * 2 + 7 }, (_, leaf): StoredEvidence => {
    const deed = leaf % 2 === 0 ? deeds[leaf / 2] : undefined;
    const receivedAtMs = deed?.receivedAtMs ?? FROM_MS + 9 * DAY_MS + leaf;
    const envelope: LeafEnvelope = { site: SITE, stream: 'web', epoch: 1, receivedAtMs, provenance: 'plugin', derivation: 1, seq: leaf };
    const line = deed === undefined ? JSON.stringify({ event: { action: 'page-viewed' }, n: random.below(1_000_000) }) : JSON.stringify({ '@timestamp': new Date(deed.atMs).toISOString(), ...saidOf(deed), subjects: deed.named.map((person) => ({ type: 'customer', token: subjectToken(person) })), note: 'caf\u00e9 \u27e6withheld\u27e7' });
    return { leaf, envelope, line, redaction: undefined };
  });
  return { lines, hashes: lines.map(({ envelope, line }) => leafHash(envelope, Buffer.from(line))) };
}

function saidOf({ category, action, outcome, actor, address, session }: FixtureDeed): object {
  return { event: { category, action, ...(outcome === REFUSED ? { outcome: 'failure', type: 'denied' } : { outcome }) }, user: { name: actor }, source: { ip: address }, wordpress: { session: { hash: session } } };
}

/** Root of leaves `from` to below `to`, as RFC 6962 defines it. */
function rootOf(hashes: readonly Buffer[], from: number, to: number): Buffer {
  const [first] = hashes.slice(from, from + 1);
  if (first === undefined || to <= from) return EMPTY_ROOT;
  if (to - from === 1) return first;
  let half = 1;
  while (half * 2 < to - from) half *= 2;
  return hashChildren(rootOf(hashes, from, from + half), rootOf(hashes, from + half, to));
}

/** The tree's nodes, level by level, leaves first; the last of an odd level stands on the next, too. */
function levelsOf(hashes: readonly Buffer[]): readonly (readonly Buffer[])[] {
  const levels = [hashes];
  for (let below = hashes; below.length > 1; levels.push(below)) {
    const under = below;
    below = under.flatMap((left, i) => (i % 2 === 1 ? [] : [under[i + 1] === undefined ? left : hashChildren(left, under[i + 1] ?? left)]));
  }
  return levels;
}

function proofsOf(hashes: readonly Buffer[], leaves: readonly number[]): readonly LeafProof[] {
  const levels = levelsOf(hashes);
  return leaves.map((leaf) => ({ leaf, leafHash: hashes[leaf] ?? EMPTY_ROOT, path: levels.flatMap((level, l) => level[Math.floor(leaf / 2 ** l) ^ 1] ?? []) }));
}

function checkpointOf(hashes: readonly Buffer[], size: number, site = SITE): BundleCheckpoint {
  const root = rootOf(hashes, 0, size);
  return { size, root, note: signNote(checkpointText({ origin: `${DEPLOYMENT}/${site}`, size, root, extensions: [] }), DEPLOYMENT, KEY) };
}

function checkpointsOf({ hashes }: Log): { readonly computed: BundleCheckpoint; readonly newest: BundleCheckpoint } {
  return { computed: checkpointOf(hashes, hashes.length - 4), newest: checkpointOf(hashes, hashes.length) };
}

function deploymentEntryOf(computed: BundleCheckpoint): BundleInput['deploymentEntry'] {
  const envelope: LeafEnvelope = { site: '_deployment', stream: 'checkpoints', epoch: 1, receivedAtMs: FROM_MS + 10 * DAY_MS, provenance: 'system', derivation: 1, seq: 1 };
  const line = JSON.stringify({ tourniquet: { checkpoints: [{ site: SITE, size: computed.size, root: computed.root.toString('base64') }] } });
  const hashes = [Buffer.alloc(32, 9), leafHash(envelope, Buffer.from(line)), Buffer.alloc(32, 8)];
  const [proof = { leaf: 1, leafHash: EMPTY_ROOT, path: [] }] = proofsOf(hashes, [1]);
  return { evidence: { leaf: 1, envelope, line, redaction: undefined }, proof, checkpoint: checkpointOf(hashes, 3, '_deployment') };
}

async function* evidenceOf({ lines, hashes }: Log, proofs: readonly LeafProof[]): AsyncGenerator<readonly ProvenEvidence[]> {
  for (const proof of proofs) {
    const { leaf } = proof;
    const [row] = lines.slice(leaf, leaf + 1);
    if (row === undefined) continue;
    if (leaf === 2 * EXPIRED_DEED) yield [{ proof, evidence: { leaf, expired: 'e'.repeat(24) } }];
    else yield [{ proof, evidence: leaf === 2 * REDACTED_DEED ? redacted(row, hashes[leaf] ?? EMPTY_ROOT) : row }];
  }
}

function redacted(row: StoredEvidence, before: Buffer): StoredEvidence {
  const line = row.line.replace('caf\u00e9', '\u27e6redacted\u27e7');
  const note = signRedaction({ origin: `${DEPLOYMENT}/${SITE}`, leaf: row.leaf, leafHash: before, redactedHash: leafHash(row.envelope, Buffer.from(line)), redactedAtMs: FROM_MS }, DEPLOYMENT, OLD_KEY);
  return { ...row, line, redaction: note };
}

function expiryNote(id: string): string {
  return signExpiry({ deployment: DEPLOYMENT, id, tier: 'brief', month: 202_611, rows: 1, digest: Buffer.alloc(32, 7), policy: '90 days', expiredAtMs: FROM_MS }, `${DEPLOYMENT}-retention`, RETENTION_KEY);
}

async function* batchesOf({ lines }: Log): AsyncGenerator<readonly Batch[]> {
  for (let first = 0; first < lines.length; first += BATCH_LINES) {
    const of = Math.min(BATCH_LINES, lines.length - first);
    yield [{ stream: 'web', epoch: 1, first_seq: first, lines: of, stored: of, dead: 0, receivedAtMs: lines[first]?.envelope.receivedAtMs ?? 0, provenance: 'plugin', first_leaf: first, previous_head: `head-${first}`, head: `head-${first + of}` }];
  }
}

function announcedKeys(): BundleInput['keys']['checkpoint'] {
  const announcedAtMs = FROM_MS - DAY_MS;
  const text = announcementText({ deployment: DEPLOYMENT, verifier: verifierOf(KEY), announcedAtMs });
  const [old, next] = [signNote(text, DEPLOYMENT, OLD_KEY), signNote(text, DEPLOYMENT, KEY)];
  const both = `${old}${next.slice(next.lastIndexOf('\n\n') + 2)}`;
  return [{ verifier: verifierOf(OLD_KEY), fromMs: 0, untilMs: announcedAtMs + DAY_MS, announcement: undefined }, { verifier: verifierOf(KEY), fromMs: announcedAtMs, untilMs: undefined, announcement: both }];
}

function ruleSetOf(): BundleInput['ruleSets'][number] {
  return createRuleSet({ signatures: [], sigma: [{ file: 'bulk.yml', text: 'title: bulk export\n' }], mappings: [], placeholders: {} });
}

function reportOf(deeds: readonly FixtureDeed[], size: number): ScopeReport {
  const subjects = subjectsOf(deeds);
  const byLeaf = new Map(deeds.map((deed) => [deed.leaf, deed]));
  const times = deeds.map(({ atMs }) => atMs);
  const session = { kind: 'session', value: 'sess-4f1c' } as const;
  return {
    v: 1, request: { site: SITE, seed: session, fromMs: FROM_MS, toMs: FROM_MS + 10 * DAY_MS, leastConfidence: 0.5 }, asOfMs: FROM_MS + 10 * DAY_MS, treeSize: size - 4,
    links: [
      { from: undefined, to: session, reason: 'seed', confidence: 1, followed: true, sinceMs: FROM_MS, evidence: [0], doubt: '' },
      { from: session, to: { kind: 'address', value: '192.0.2.44' }, reason: 'address-of-session', confidence: 0.9, followed: true, sinceMs: FROM_MS, evidence: [0, 2], doubt: 'two more accounts use this address' },
      { from: session, to: { kind: 'actor', value: 'temp-helper' }, reason: 'account-made-by', confidence: 0.95, followed: true, sinceMs: FROM_MS + DAY_MS, evidence: [2], doubt: '' },
      { from: { kind: 'actor', value: 'temp-helper' }, to: { kind: 'key', value: 'ck_rest_1' }, reason: 'key-made-by', confidence: 0.95, followed: true, sinceMs: FROM_MS + DAY_MS, evidence: [2], doubt: '' },
      { from: { kind: 'address', value: '192.0.2.44' }, to: { kind: 'session', value: 'sess-9e77' }, reason: 'session-at-address', confidence: 0.3, followed: false, sinceMs: FROM_MS, evidence: [], doubt: 'the address is an office: five accounts use it' },
    ],
    deeds: deeds.map(({ named: _named, ...deed }) => deed), subjects,
    classes: totalsBy(byLeaf, subjects, ({ classes }) => classes), fields: totalsBy(byLeaf, subjects, ({ fields }) => fields), jurisdictions: totalsByJurisdiction(subjects),
    destinations: totalsBy(byLeaf, subjects, ({ destination }) => (destination === '' ? [] : [destination])), unnamedRecords: unnamedRecords(deeds),
    firstMs: Math.min(...times), lastMs: Math.max(...times), takenOver: { sinceMs: FROM_MS + 2 * DAY_MS, leaf: 4, why: 'a plugin was installed by temp-helper' },
    trust: [{ provenance: 'plugin', stream: 'web', events: size, worth: 'signed by the site as it happened', forgeableFromMs: FROM_MS + 2 * DAY_MS }],
    gaps: [{ kind: 'silence', stream: 'mail', epoch: 1, fromMs: FROM_MS + DAY_MS, toMs: FROM_MS + 2 * DAY_MS, count: 0, couldHide: 'mail sent by the site in this time' }],
    untouched: { knownSubjects: subjects.length + 812, untouchedSubjects: 812, classes: ['fin.iban', 'secret.api_key'], hows: ['backup', 'ai'] },
    coverage: { receivedFromMs: FROM_MS, receivedToMs: FROM_MS + 10 * DAY_MS, blocks: Math.ceil(size / BATCH_LINES), lines: size, stored: size, deadLetters: 0, missingLines: 0, eventsCounted: size },
    rules: [],
  };
}

function subjectsOf(deeds: readonly FixtureDeed[]): readonly ScopeSubject[] {
  const byPerson = Map.groupBy(deeds.flatMap((deed) => deed.named.map((person) => ({ person, leaf: deed.leaf }))), ({ person }) => person);
  const touched = [...byPerson].map(([person, own]) => ({ subject: subjectToken(person), kind: person % 3 === 0 ? 'patient' : 'customer', jurisdiction: ['DE', 'FR', 'US', ''][person % 4] ?? '', leaves: own.map(({ leaf }) => leaf) }));
  return touchedPeople(touched, new Map(deeds.map((deed) => [deed.leaf, deed])));
}
