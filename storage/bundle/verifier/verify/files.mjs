import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** What lies in a bundle's directory, and whether it is what the manifest says. */

const MOST_FILES = 5_000;
/** A file is read whole: more than that is no bundle of ours. */
const MOST_FILE_BYTES = 512 * 1024 * 1024;
const MOST_BYTES = 2 * 1024 * 1024 * 1024;
const MOST_DEPTH = 3;
const LINE_FEED = 10;
/** Bytes of SHA-256 that the manifest holds of each line, to name the one that changed. */
const LINE_HASH_BYTES = 3;
/** What every bundle has, beside the manifest. */
const ALWAYS = ['README.txt', 'report.html', 'scope.json', 'timeline.ndjson', 'subjects.ndjson', 'links.ndjson', 'evidence.ndjson', 'expiries.ndjson', 'proofs.ndjson', 'checkpoints.ndjson', 'keys.json', 'gaps.json', 'coverage.ndjson', 'recipients.sealed'];
const UNLISTED = ['manifest.json', 'manifest.note'];

/** A check that failed: `at` is the line, from 1, or 0 where none can be named. */
export class Mismatch extends Error {
  constructor(file, at, message) {
    super(message);
    this.file = file;
    this.at = at;
  }
}

export function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Bytes by name, in order of name. */
export function readFiles(directory) {
  const files = new Map();
  let total = 0;
  // Node 18 has no toSorted.
  // eslint-disable-next-line unicorn/no-array-sort
  for (const name of namesIn(directory).sort()) {
    const bytes = readBytes(directory, name);
    total += bytes.length;
    if (total > MOST_BYTES) throw new Mismatch(name, 0, `is beyond the ${MOST_BYTES} bytes that are read of a bundle`);
    files.set(name, bytes);
  }
  return files;
}

function namesIn(directory, below = '', depth = 0) {
  const names = [];
  for (const entry of readdirSync(path.join(directory, below), { withFileTypes: true })) {
    const name = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && depth < MOST_DEPTH) names.push(...namesIn(directory, name, depth + 1));
    else if (entry.isFile()) names.push(name);
    else throw new Mismatch(name, 0, 'is a link or no plain file: a bundle has only plain files');
    if (names.length > MOST_FILES) throw new Mismatch(name, 0, `is one of more than ${MOST_FILES} files`);
  }
  return names;
}

function readBytes(directory, name) {
  let file;
  try {
    file = openSync(path.join(directory, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    if (fstatSync(file).size > MOST_FILE_BYTES) throw new Mismatch(name, 0, `is longer than ${MOST_FILE_BYTES} bytes`);
    return readFileSync(file);
  } catch (error) {
    throw error instanceof Mismatch ? error : new Mismatch(name, 0, 'cannot be read');
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

export function* linesOf(bytes) {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, from);
    const to = end < 0 ? bytes.length : end;
    yield bytes.subarray(from, to);
    from = to + 1;
  }
}

export function parse(bytes, file, at = 0) {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new Mismatch(file, at, 'is no JSON');
  }
}

export function bytesOf(files, file) {
  const bytes = files.get(file);
  if (bytes === undefined) throw new Mismatch(file, 0, 'is missing');
  return bytes;
}

/** The objects of an NDJSON file, one a line. */
export function rowsOf(files, file) {
  let at = 0;
  return Array.from(linesOf(bytesOf(files, file)), (line) => {
    const row = parse(line, file, ++at);
    if (typeof row !== 'object' || row === null) throw new Mismatch(file, at, 'is no JSON object');
    return row;
  });
}

/** The first line whose hash is not the one on record; 0 when that does not tell. `lineHashes`: base64, `LINE_HASH_BYTES` a line. */
export function changedLine(bytes, lineHashes) {
  const wanted = Buffer.from(String(lineHashes), 'base64');
  let at = 0;
  for (const line of linesOf(bytes)) {
    const from = at * LINE_HASH_BYTES;
    at++;
    if (!sha256(line).subarray(0, LINE_HASH_BYTES).equals(wanted.subarray(from, from + LINE_HASH_BYTES))) return at;
  }
  return at * LINE_HASH_BYTES < wanted.length ? at + 1 : 0;
}

/** Every file of the manifest is there as it was, and no other is: each is a check of its own. */
export function checkFiles(files, manifest, attempt) {
  for (const name of ALWAYS) attempt(name, () => checkFile(files, name, manifest.files));
  for (const name of Object.keys(manifest.files)) if (!ALWAYS.includes(name)) attempt(name, () => checkFile(files, name, manifest.files));
  for (const name of files.keys()) if (!UNLISTED.includes(name) && !Object.hasOwn(manifest.files, name)) attempt(name, () => checkFile(files, name, manifest.files));
}

function checkFile(files, name, listed) {
  if (!Object.hasOwn(listed, name)) throw new Mismatch(name, 0, 'is not in the manifest');
  const { bytes, sha256: hash, lines } = listed[name];
  const found = bytesOf(files, name);
  if (found.length !== bytes || sha256(found).toString('base64') !== hash) throw new Mismatch(name, changedLine(found, lines), 'is not what the manifest says');
}
