import { Mismatch, parse, rowsOf } from './files.mjs';
import { openNote, openTrusted } from './notes.mjs';
import { isConsistent, leadsToRoot, leafHash, nodesOf } from './tree.mjs';

/** That each evidence line stands in the log, under a checkpoint that was signed. */

const CHECKPOINTS = 'checkpoints.ndjson';
const EVIDENCE = 'evidence.ndjson';
const HELD = '--checkpoint';
/** The site whose log names the checkpoints of all: the one that outside witnesses cosign. */
const DEPLOYMENT = '_deployment';

/** Size and root that a note vouches for (c2sp.org/tlog-checkpoint). */
function openCheckpoint(file, at, note, trusted, site) {
  const [origin, size, encoded] = openTrusted(file, at, note, trusted).lines;
  const root = Buffer.from(String(encoded), 'base64');
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || root.length !== 32) throw new Mismatch(file, at, 'holds no checkpoint');
  if (!origin.endsWith(`/${site}`)) throw new Mismatch(file, at, `is a checkpoint of another log than that of ${site}`);
  return { size: Number(size), root };
}

/** The checkpoint of the computation, after checks of all three kinds. */
export function checkCheckpoints({ files, trusted, site }) {
  const found = new Map();
  rowsOf(files, CHECKPOINTS).forEach((row, i) => {
    const { size, root } = openCheckpoint(CHECKPOINTS, i + 1, row.note, trusted, row.kind === 'deployment' ? DEPLOYMENT : site);
    if (size !== row.size || root.toString('base64') !== row.root) throw new Mismatch(CHECKPOINTS, i + 1, 'says another size or root than its note');
    if (found.has(row.kind)) throw new Mismatch(CHECKPOINTS, i + 1, 'is of a kind that stands there before');
    found.set(row.kind, { ...row, size, root, at: i + 1 });
  });
  const [computed, newest, deployment] = [found.get('computed'), found.get('newest'), found.get('deployment')];
  if (computed === undefined || newest === undefined) throw new Mismatch(CHECKPOINTS, 0, 'lacks the checkpoint of the computation, or the newest');
  const proof = newest.consistency.map((text) => Buffer.from(text, 'base64'));
  if (!isConsistent(computed, newest, proof)) throw new Mismatch(CHECKPOINTS, newest.at, 'does not continue the checkpoint of the computation: the log was written anew');
  if (deployment !== undefined) checkDeploymentLog(deployment, [computed, newest], site);
  return { computed, newest };
}

/** That a line of the deployment's log, which stands under a checkpoint of it, names one of the checkpoints. */
function checkDeploymentLog({ entry, nodes, size, root, at }, checkpoints, site) {
  if (entry.site !== DEPLOYMENT || !leadsToRoot(entry.leaf, leafHash(entry), { size, root }, nodesOf(nodes), new Map())) throw new Mismatch(CHECKPOINTS, at, 'the line of the deployment log is not under its checkpoint');
  const named = parse(entry.line, CHECKPOINTS, at).tourniquet.checkpoints;
  const isNamed = checkpoints.some((checkpoint) => named.some((c) => c.site === site && c.size === checkpoint.size && c.root === checkpoint.root.toString('base64')));
  if (!isNamed) throw new Mismatch(CHECKPOINTS, at, 'the line of the deployment log names neither checkpoint');
}

/**
 * That what the checker held does not contradict the bundle: a note, or one JSON object with a `note` a line, of which
 * those of other logs and sizes say nothing here.
 */
export function checkHeld(text, { trusted, site }, checkpoints) {
  const isExport = text.startsWith('{');
  const notes = isExport ? text.split('\n').map(noteIn).filter((note) => note.split('\n', 1)[0].endsWith(`/${site}`)) : [text];
  const held = notes.map((note) => openCheckpoint(HELD, 0, note, trusted, site));
  const same = held.flatMap((one) => checkpoints.filter(({ size }) => size === one.size).map(({ root }) => root.equals(one.root)));
  if (same.includes(false)) throw new Mismatch(HELD, 0, 'contradicts the bundle: there are two histories of one log');
  if (same.length === 0) throw new Mismatch(HELD, 0, `cannot be compared: the bundle has checkpoints of size ${checkpoints.map(({ size }) => size).join(' and ')}`);
}

/** Of a line of an export; empty where it has none, as when a crash tore it. */
function noteIn(line) {
  try {
    return String(JSON.parse(line).note);
  } catch {
    return '';
  }
}

/** Rows of evidence by leaf. Each leads to the checkpoint, by the nodes of proofs.ndjson that all share. */
export function checkEvidence(bundle, computed) {
  const nodes = nodesOf(rowsOf(bundle.files, 'proofs.ndjson'));
  const expiries = expiriesIn(bundle);
  const [known, rows] = [new Map(), new Map()];
  rowsOf(bundle.files, EVIDENCE).forEach((row, i) => {
    if (rows.has(row.leaf)) throw new Mismatch(EVIDENCE, i + 1, `leaf ${row.leaf} stands there twice`);
    if (!leadsToRoot(row.leaf, hashInTree(row, i + 1, bundle, expiries), computed, nodes, known)) throw new Mismatch(EVIDENCE, i + 1, `leaf ${row.leaf} is not under the checkpoint: the line, or its proof in proofs.ndjson, is wrong`);
    rows.set(row.leaf, row);
  });
  return rows;
}

/** The hash of a line as it stands; where it was redacted or expired, the one that a signed word vouches for. */
function hashInTree(row, at, { trusted, site }, expiries) {
  const claimed = Buffer.from(String(row.hash), 'base64');
  if (row.expired !== undefined) {
    if (!expiries.has(row.expired)) throw new Mismatch(EVIDENCE, at, 'is expired, but no signed word says so');
    return claimed;
  }
  if (row.site !== site) throw new Mismatch(EVIDENCE, at, 'is a line of another site');
  const stored = leafHash(row);
  if (row.redaction === undefined) {
    if (!stored.equals(claimed)) throw new Mismatch(EVIDENCE, at, 'has another leaf hash than it says');
    return stored;
  }
  const [origin, kind, leaf, before, after] = openNote(row.redaction, trusted.all)?.lines ?? [];
  const fits = kind === 'redaction' && origin.endsWith(`/${site}`) && leaf === String(row.leaf) && before === row.hash && after === stored.toString('base64');
  if (!fits) throw new Mismatch(EVIDENCE, at, 'is redacted, but no signed word says so');
  return claimed;
}

/** Ids of the expiries that the retention key signed. */
function expiriesIn({ files, trusted }) {
  return new Set(rowsOf(files, 'expiries.ndjson').map(({ id, note }, i) => {
    const lines = trusted.expiry === undefined ? undefined : openNote(note, [trusted.expiry])?.lines;
    if (lines?.[1] !== 'expiry' || lines[2] !== id) throw new Mismatch('expiries.ndjson', i + 1, 'is not signed by the retention key');
    return id;
  }));
}
