#!/usr/bin/env node
/**
 * Checks an evidence bundle with plain Node 18 or later: no install, no network.
 *
 *     node verify.mjs [DIRECTORY] [--key VERIFIER]... [--checkpoint FILE] [--json]
 *
 * DIRECTORY: of the bundle; where this file lies when none is given.
 * --key: a verifier key (name+hash+base64) that you had from elsewhere. Without one, the bundle only agrees with itself.
 * --checkpoint: signed checkpoints of the same log that you kept, a note or NDJSON with notes: they must not contradict the bundle.
 *
 * Exit code 0: everything holds. 1: something does not, each with file and line. 2: wrong use. What it proves: README.txt.
 */
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkCheckpoints, checkEvidence, checkHeld } from './verify/evidence.mjs';
import { Mismatch, bytesOf, checkFiles, parse, readFiles } from './verify/files.mjs';
import { checkManifestNote, parseVerifier, readKeys } from './verify/notes.mjs';
import { checkCoverage, checkDeeds, checkRules, checkStatement, checkSubjects, checkTotals, checkTwin } from './verify/scope.mjs';

const MOST_PROBLEMS = 50;

/**
 * What does not hold ({file, at, message}; empty when all does) and, when that is nothing, what was found. `keys`:
 * verifier keys as text; throws a TypeError when one is not well-formed. `checkpoint`: text of a note, or NDJSON.
 */
export function verifyBundle(directory, { keys = [], checkpoint } = {}) {
  const given = keys.map(parseVerifier);
  if (given.includes(undefined)) throw new TypeError('--key must be a verifier key: name+hash+base64');
  const problems = [];
  const attempt = (file, check) => {
    try {
      return check();
    } catch (error) {
      // Whatever else is thrown: a file of another shape than its check reads.
      problems.push(error instanceof Mismatch ? error : new Mismatch(file, 0, `is not of the shape of a bundle (${error.message})`));
      return undefined;
    }
  };
  const bundle = attempt('.', () => openBundle(directory, given, attempt));
  // The place of a changed byte is known by now: what follows would only tell its consequences.
  const facts = problems.length > 0 ? undefined : checkContent(bundle, checkpoint, attempt);
  return { problems: problems.slice(0, MOST_PROBLEMS).map(({ file, at, message }) => ({ file, at, message })), facts: problems.length > 0 ? undefined : { ...facts, anchored: given.length > 0 } };
}

/** The files as whoever signed the manifest wrote them. */
function openBundle(directory, given, attempt) {
  const files = readFiles(directory);
  const json = (name) => parse(bytesOf(files, name), name);
  const trusted = attempt('keys.json', () => readKeys(json('keys.json'), given));
  const manifest = attempt('manifest.json', () => json('manifest.json'));
  if (trusted !== undefined) attempt('manifest.note', () => checkManifestNote(files, trusted, manifest?.site));
  if (manifest !== undefined) attempt('manifest.json', () => checkFiles(files, manifest, attempt));
  return { files, trusted, site: manifest?.site };
}

/** What the files say of each other. */
function checkContent(bundle, checkpoint, attempt) {
  const { files, trusted, site } = bundle;
  const scope = attempt('scope.json', () => parse(bytesOf(files, 'scope.json'), 'scope.json'));
  const checkpoints = attempt('checkpoints.ndjson', () => checkCheckpoints(bundle));
  const evidence = checkpoints && attempt('evidence.ndjson', () => checkEvidence(bundle, checkpoints.computed));
  attempt('scope.json', () => checkRequest(scope, bundle, checkpoints?.computed));
  for (const [file, list] of [['timeline.ndjson', 'deeds'], ['subjects.ndjson', 'subjects'], ['links.ndjson', 'links']]) attempt(file, () => checkTwin(bundle, file, scope[list]));
  if (evidence !== undefined) for (const check of [checkDeeds, checkSubjects]) attempt('scope.json', () => check(scope, evidence));
  attempt('scope.json', () => checkTotals(scope));
  attempt('coverage.ndjson', () => checkCoverage(bundle, scope));
  attempt('rules', () => checkRules(bundle, scope));
  attempt('statement.note', () => checkStatement(bundle));
  if (checkpoint !== undefined && checkpoints !== undefined) attempt('--checkpoint', () => checkHeld(checkpoint, bundle, Object.values(checkpoints)));
  return {
    site, deployment: trusted.deployment, files: files.size, evidence: evidence?.size, deeds: scope?.deeds?.length, subjects: scope?.subjects?.length,
    size: checkpoints?.computed.size, root: checkpoints?.computed.root.toString('base64'), keys: trusted.all.map(({ text }) => text),
  };
}

function checkRequest({ request, treeSize }, { site }, computed) {
  if (request.site !== site) throw new Mismatch('scope.json', 0, 'is about another site than the manifest');
  if (computed !== undefined && treeSize > computed.size) throw new Mismatch('scope.json', 0, 'considers more leaves than the checkpoint vouches for');
}

/** What a person reads. Control characters of a hostile bundle stay out of the terminal. */
export function verdictText({ problems, facts }) {
  if (facts === undefined) {
    const lines = problems.map(({ file, at, message }) => `PROBLEM  ${at === 0 ? file : `${file}, line ${at}`}: ${message}`);
    return [...lines, `The bundle does not hold: ${problems.length === 1 ? 'one problem' : `${problems.length}${problems.length === MOST_PROBLEMS ? ' or more' : ''} problems`}.`, ''].join('\n').replace(/[^\n -~]/g, '?');
  }
  const { site, deployment, files, evidence, deeds, subjects, size, root, keys, anchored } = facts;
  return [
    `ok  ${files} files as the signed manifest says`,
    `ok  ${evidence} evidence lines under the checkpoint of ${size} leaves, root ${root}`,
    `ok  ${deeds} deeds and ${subjects} persons, each with its lines`,
    'ok  gaps, coverage and rule sets as the report says',
    anchored ? 'ok  signed by the key you gave' : `NOTE  nothing but the bundle itself vouches for its key. Compare it with one you have from elsewhere, and give that with --key:\n      ${keys.join('\n      ')}`,
    `Everything holds: bundle of ${site}, made by ${deployment}.`,
    '',
  ].join('\n').replace(/[^\n -~]/g, '?');
}

function main() {
  let options;
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { key: { type: 'string', multiple: true }, checkpoint: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
    if (values.help || positionals.length > 1) throw new TypeError('usage');
    options = { directory: positionals[0] ?? path.dirname(fileURLToPath(import.meta.url)), keys: values.key, json: values.json, checkpoint: values.checkpoint && readFileSync(values.checkpoint, 'utf8') };
    const result = verifyBundle(options.directory, options);
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : verdictText(result));
    return result.problems.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error.message}\nnode verify.mjs [DIRECTORY] [--key VERIFIER]... [--checkpoint FILE] [--json]\n`);
    return 2;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = main();
