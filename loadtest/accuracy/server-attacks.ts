import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { detectionsOf, engineOf } from '../../detect/engine-fixture.ts';
import { createLineScan } from '../../detect/scan.ts';
import type { LineScan } from '../../detect/scan.ts';
import { benignLines } from './benign-values.ts';
import { PROBES, probeLine } from './probe-grammar.ts';
import type { Probe } from './probe-grammar.ts';
import type { ClassTally, Figure, Section } from './section.ts';
import { ALSO, serverAttack, TRICKS } from './server-attack-grammar.ts';
import type { ServerAttack } from './server-attack-grammar.ts';
import { crsRequests, httpParams, requestLine, valueLine } from './web-events.ts';
import type { CrsRequest } from './web-events.ts';

const ATTACKS_OF_A_CLASS = 600;
const PROBES_OF_A_CLASS = 200;
const BENIGN_LINES = 20_000;
const BATCH_LINES = 1_000;
const AIM = { precision: 0.98, recall: 0.95 } as const;
const QUIET = new Set(['low', 'informational']);

/** Families of CRS rules, with what they are told as here, and the share CI holds: of them all, then of paranoia level 1. */
const FAMILIES: readonly { readonly family: string; readonly name: string; readonly recall: number; readonly strict: number }[] = [
  { family: '930', name: 'files', recall: 0.4, strict: 0.4 }, { family: '932', name: 'commands', recall: 0.5, strict: 0.55 }, { family: '933', name: 'PHP', recall: 0.45, strict: 0.5 },
  { family: '934', name: 'generic code, SSRF, templates', recall: 0.7, strict: 0.65 }, { family: '944', name: 'Java', recall: 0.9, strict: 0.9 },
];

/** Whether the description of a `no_match` row says that its request is no attack; the others may be attacks that other rules find. */
const HARMLESS = /false[ -]?positive|negative test|true negative|should not|natural|normal text|benign|nothing should|regular text|\bfp\b/i;

/** Classes found per line, attack classes of level medium and above. */
function classesIn(scan: LineScan, lines: readonly string[]): readonly ReadonlySet<string>[] {
  const found: Set<string>[] = lines.map(() => new Set());
  for (let from = 0; from < lines.length; from += BATCH_LINES) {
    for (const d of detectionsOf(scan, lines.slice(from, from + BATCH_LINES))) if (d.class.startsWith('attack.') && !QUIET.has(d.level)) found[from + d.line]?.add(d.class);
  }
  return found;
}

function share(lists: readonly ReadonlySet<string>[], isFound: (classes: ReadonlySet<string>) => boolean): number {
  return lists.filter(isFound).length;
}

function crsTallies(scan: LineScan, requests: readonly CrsRequest[]): readonly ClassTally[] {
  return FAMILIES.flatMap(({ family, name, recall, strict }) => [undefined, 1].map((paranoia): ClassTally => {
    const rows = requests.filter((row) => String(row.rule).startsWith(family) && (paranoia === undefined || row.paranoia === paranoia));
    const some = (classes: ReadonlySet<string>): boolean => classes.size > 0;
    const attacks = classesIn(scan, rows.filter((row) => row.expected === 'match').map(requestLine));
    const others = classesIn(scan, rows.filter((row) => row.expected === 'no_match' && HARMLESS.test(row.desc ?? '')).map(requestLine));
    return { name: `CRS ${family} ${name}${paranoia === undefined ? '' : ', paranoia 1'}`, positives: attacks.length, found: share(attacks, some), negatives: others.length, falseFound: share(others, some), floor: { recall: paranoia === undefined ? recall : strict, precision: 0.9 }, aim: AIM, note: 'any class of attack; negatives are rows whose description says that they are harmless' };
  }));
}

function composed(scan: LineScan, random: Random, benign: readonly ReadonlySet<string>[]): readonly ClassTally[] {
  return (Object.keys(TRICKS) as ServerAttack[]).map((attack) => { // keys of this very record
    const lines = Array.from({ length: ATTACKS_OF_A_CLASS }, (_, i) => valueLine(random.pick(['q', 'file', 'name', 'ip']), serverAttack(random, attack), i % 2 === 0 ? 'query' : 'body'));
    const told = [attack, ...ALSO[attack]];
    return { name: `${attack}, composed`, positives: lines.length, found: share(classesIn(scan, lines), (classes) => told.some((one) => classes.has(one))), negatives: benign.length, falseFound: share(benign, (classes) => classes.has(attack)), floor: { recall: 0.9, precision: 0.97 }, aim: AIM };
  });
}

function probes(scan: LineScan, random: Random, benign: readonly ReadonlySet<string>[]): readonly ClassTally[] {
  return (Object.keys(PROBES) as Probe[]).map((probe) => { // keys of this very record
    const found = classesIn(scan, Array.from({ length: PROBES_OF_A_CLASS }, () => probeLine(random, probe)));
    return { name: `${probe}, composed`, positives: found.length, found: share(found, (classes) => classes.has(probe)), negatives: benign.length, falseFound: share(benign, (classes) => classes.has(probe)), floor: { recall: 0.85, precision: 0.97 }, aim: AIM };
  });
}

function paramTallies(scan: LineScan): readonly ClassTally[] {
  const params = httpParams() ?? [];
  const kinds = [['cmdi', 'attack.command', 0.85], ['path-traversal', 'attack.traversal', 0.7]] as const;
  return kinds.map(([type, name, recall]): ClassTally => {
    const found = classesIn(scan, params.filter((row) => row.type === type).map((row, i) => valueLine('q', row.payload, i % 2 === 0 ? 'query' : 'body')));
    return { name: `HttpParams ${type}`, positives: found.length, found: share(found, (classes) => classes.size > 0), negatives: 0, falseFound: 0, floor: { recall }, note: `any class of attack, mostly ${name}; a part of the rows are fragments without their separators` };
  });
}

export const serverAttacks: Section = {
  name: 'server-attacks',
  title: 'attacks on files, commands, code, templates, parsers and networks: CRS, HttpParams, composed tricks; look-alikes',
  async run(seed) {
    const requests = crsRequests();
    if (requests === undefined) return undefined;
    const scan = createLineScan(await engineOf());
    const random = seededRandom(seed);
    const benign = classesIn(scan, benignLines(seededRandom(seed + 1), BENIGN_LINES).map(({ line }) => line));
    const loud: Figure = { name: 'benign lines told as an attack by this section or another', value: share(benign, (classes) => classes.size > 0), unit: `of ${BENIGN_LINES}`, floor: { most: 200 }, aim: { most: 20 } };
    return { classes: [...crsTallies(scan, requests), ...paramTallies(scan), ...composed(scan, random, benign), ...probes(scan, random, benign)], figures: [loud] };
  },
};
