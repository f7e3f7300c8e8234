import type { Random } from '../../contracts/seeded-random.ts';
import { encodedAttack, scriptAttack, sqlAttack } from './attack-grammar.ts';
import type { ClassTally } from './section.ts';

type Limits = Pick<ClassTally, 'floor' | 'aim'>;

/** A class of attacks, and where the corpora hold it. */
export interface AttackClass {
  readonly name: string;
  /** Classes of signatures that count as found. */
  readonly classes: readonly string[];
  /** First digits of the CRS rules whose requests are of it. */
  readonly crs: string;
  /** Its type in the HttpParams corpus. */
  readonly httpParams?: string;
  /** Composes an attack, as it stands in an address. */
  readonly compose?: (random: Random) => string;
  /** CRS rows that must not fire their rule and are attacks of this class all the same, as rule-test. */
  readonly attacksAnyway: readonly string[];
  /** Each of those measured: CRS rules of paranoia level 1, HttpParams, composed ones. Floors lie clearly below what is measured. */
  readonly limits: { readonly crs?: Limits; readonly httpParams?: Limits; readonly composed?: Limits };
}

const AIM = { precision: 0.98, recall: 0.95 };

function limits(precision: number, recall: number): Limits {
  return { floor: { precision, recall }, aim: AIM };
}

export const ATTACK_CLASSES: readonly AttackClass[] = [
  {
    name: 'SQL injection', classes: ['attack.sqli', 'attack.nosql'], crs: '942', httpParams: 'sqli', compose: (random) => encodedAttack(random, sqlAttack(random)),
    attacksAnyway: ['942101-10', '942101-11', '942120-30', '942130-1', '942130-3', '942130-4', '942130-5', '942131-3', '942131-5', '942131-7', '942160-12', '942210-26', '942310-1', '942340-10', '942350-9', '942360-29', '942360-30', '942360-31', '942520-10', '942520-17', '942521-15', '942522-5'],
    limits: { crs: limits(0.95, 0.8), httpParams: limits(0.97, 0.97), composed: limits(0.97, 0.94) },
  },
  {
    name: 'XSS', classes: ['attack.xss', 'attack.template', 'attack.xxe'], crs: '941', httpParams: 'xss', compose: (random) => encodedAttack(random, scriptAttack(random)),
    attacksAnyway: ['941100-5', '941110-10', '941140-14', '941310-8', '941310-9'],
    limits: { crs: limits(0.95, 0.7), httpParams: limits(0.97, 0.92), composed: limits(0.97, 0.95) },
  },
  { name: 'traversal and file inclusion', classes: ['attack.traversal', 'attack.lfi', 'attack.rfi'], crs: '930', httpParams: 'path-traversal', attacksAnyway: [], limits: { crs: { aim: AIM }, httpParams: { aim: AIM } } },
  { name: 'command injection', classes: ['attack.command', 'attack.code'], crs: '932', httpParams: 'cmdi', attacksAnyway: [], limits: { crs: { aim: AIM }, httpParams: { aim: AIM } } },
  { name: 'PHP code and objects', classes: ['attack.code', 'attack.object_injection', 'attack.lfi', 'attack.rfi', 'attack.web_shell', 'attack.command'], crs: '933', attacksAnyway: [], limits: { crs: { aim: AIM } } },
  { name: 'code of other languages', classes: ['attack.code', 'attack.template', 'attack.ssrf', 'attack.prototype_pollution', 'attack.nosql', 'attack.command', 'attack.object_injection', 'attack.lfi', 'attack.rfi'], crs: '934', attacksAnyway: [], limits: { crs: { aim: AIM } } },
  { name: 'Java and expressions', classes: ['attack.code', 'attack.template', 'attack.jndi', 'attack.object_injection', 'attack.command'], crs: '944', attacksAnyway: [], limits: { crs: { aim: AIM } } },
];
