import type { BundleInput } from './bundle-input.ts';

/** `README.txt`: how someone without our product checks a bundle, and what that proves. */
export function readMe({ report, deployment, keys, computed }: BundleInput): string {
  return `EVIDENCE BUNDLE: ${report.request.site}
Made by ${deployment}.

Read report.html first; it prints on A4. Everything in it is in these files, which machines read:

  scope.json           the whole answer: request, links, deeds, persons, totals, gaps, trust, coverage
  timeline.ndjson      its deeds, one a line      subjects.ndjson   its persons     links.ndjson   what belongs to it, and why
  gaps.json            what the evidence does not hold, and what could hide there
  coverage.ndjson      every batch that was received in the time, with the heads of its shipper's hash chain
  evidence.ndjson      the stored line of each deed and link, whole, by rising leaf, in the envelope that its leaf hash commits to
  proofs.ndjson        nodes of the log's Merkle tree that lead from each evidence line to the checkpoint; all lines share them
  checkpoints.ndjson   the signed checkpoint all evidence stands under, the newest one with the proof that it continues the
                       first, and the line of the deployment log that names one of them, where there is one
  expiries.ndjson      the signed words for evidence lines that were dropped by policy (empty when none were)
  rules/               the rule sets that judged the time; each is named by its own SHA-256
  keys.json            the keys that sign for this deployment, each announced by the one before
  recipients.sealed    the persons to be told, for the site alone: its plugin, or "tourniquet resolve", opens it
  statement.*          a signed statement of where data went, where one was asked for
  manifest.json        size and SHA-256 of every file, and short hashes of their lines
  manifest.note        the signature over the manifest

CHECK IT

  node verify.mjs --key 'KEY' [--checkpoint FILE]

in this folder, with Node 18 or later. It needs no network and installs nothing; it is short, and says in its comments what it
does. Exit code 0: everything holds. 1: something does not, with file and line. 2: wrong use.

The signing ${keys.checkpoint.length === 1 ? 'key is' : 'keys are'}

${keys.checkpoint.map(({ verifier }) => `  ${verifier}`).join('\n')}

Do not take a key from here alone: compare it with one that you have from the deployment's owner, from the site's plugin or from
a witness, and give that with --key. Without it the bundle only agrees with itself. If you kept a checkpoint of this log, give it
with --checkpoint: one of size ${computed.size} must have the root
  ${computed.root.toString('base64')}
Who does not trust the verify.mjs of this folder takes one from elsewhere: it takes a directory.

WHAT IT PROVES

- Each evidence line stood in the log, byte for byte, when the checkpoint was signed, in that place and received at that time.
- No line of the log was changed, removed or put in between since any earlier checkpoint that you or a witness hold.
- The report's deeds, persons, totals, gaps and coverage are those of the evidence and of the batches in this folder: each deed of
  the site's plugin has the time, account, session, address, act and outcome that its line says, and names the persons it names.
- Nothing in this folder was changed since it was signed.

WHAT IT DOES NOT PROVE

- That a site told the truth: "trust" in scope.json says how far each source goes, and from when on a site that was taken over
  could have shipped what it liked.
- That nothing happened which no source saw: gaps.json says what is missing.
- That the links are right: each tells its reason, its confidence and its doubt, for a person to judge.
- That nothing more of the log belongs to the scope: that is a computation over the whole log, which its owner can repeat
  ("tourniquet scope" with the request of scope.json).

FORMATS

Signed notes: c2sp.org/signed-note. Checkpoints: c2sp.org/tlog-checkpoint. Tree and proofs: RFC 6962, section 2.1; RFC 9162,
section 2.1.4. A leaf hash is SHA-256(0x00, "tourniquet/leaf/v1", site, stream, epoch, receivedAtMs, provenance, derivation,
seq, line), each of the texts before the line ended by a line feed. In a masked line, [class:token] in mathematical white
brackets stands for a value that was replaced by a keyed hash before it was stored. A redacted line was changed later, with a
signed word for it: the leaf hash in the tree is that of the line before. Times are Unix milliseconds, UTC.
`;
}
