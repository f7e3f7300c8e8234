import { seededRandom } from '../../../contracts/seeded-random.ts';
import type { Random } from '../../../contracts/seeded-random.ts';
import type { LineScan } from '../../../detect/scan.ts';
import type { ClassTally } from '../section.ts';
import { lineWith, sentenceWith } from './carriers.ts';
import { foundIn, isOf } from './found.ts';
import { drawLookAlike } from './look-alikes.ts';
import { NUMBERS } from './numbers.ts';
import type { Kind } from './numbers.ts';
import { PEOPLE } from './people.ts';

const OF_EACH_KIND = 1_000;
const BROKEN_OF_EACH_KIND = 200;
const LOOK_ALIKES = 20_000;
const LIMITS = { floor: { precision: 0.97, recall: 0.97 }, aim: { precision: 0.99, recall: 0.99 } };

/** The number with one digit that is another: no check digit lets that pass. */
function broken({ pick, between }: Random, value: string): string {
  const places = Array.from(value, (_, i) => i).filter((i) => /\d/.test(value.charAt(i)));
  // Not among the first, which say kind and date and may be free.
  const place = pick(places.slice(Math.floor(places.length / 2)));
  return `${value.slice(0, place)}${(Number(value.charAt(place)) + between(1, 9)) % 10}${value.slice(place + 1)}`;
}

/** What a kind's check digits guard; the others have none that a changed digit breaks for certain. */
function isChecked({ signature }: Kind): boolean {
  return !['gb-nino', 'us-itin', 'us-ssn', 'email', 'phone', 'phone-national', 'birth-date', 'address', 'passport-zone'].includes(signature);
}

function positiveLines(random: Random, kind: Kind): readonly string[] {
  return Array.from({ length: OF_EACH_KIND }, () => lineWith(random, sentenceWith(random, kind.make(random), kind.words)));
}

function brokenLines(random: Random, kind: Kind): readonly string[] {
  if (!isChecked(kind)) return [];
  return Array.from({ length: BROKEN_OF_EACH_KIND }, () => lineWith(random, sentenceWith(random, broken(random, kind.make(random)), kind.words)));
}

/** Identifiers of each kind in texts of all sorts, against the same look-alikes for all and broken ones of its own. */
export function generatedTallies(scan: LineScan, seed: number): { readonly tallies: readonly ClassTally[]; readonly lookAlikesFound: number; readonly lookAlikes: number } {
  const random = seededRandom(seed);
  const lookAlikes = foundIn(scan, Array.from({ length: LOOK_ALIKES }, () => lineWith(random, drawLookAlike(random))));
  const tallies = [...NUMBERS, ...PEOPLE].map((kind): ClassTally => {
    const isFound = (found: readonly { readonly signature: string }[]): boolean => found.some(({ signature }) => isOf(signature, kind.signature));
    const positives = foundIn(scan, positiveLines(random, kind));
    const negatives = [...foundIn(scan, brokenLines(random, kind)), ...lookAlikes];
    return { name: kind.signature, positives: positives.length, found: positives.filter(isFound).length, negatives: negatives.length, falseFound: negatives.filter(isFound).length, ...LIMITS };
  });
  return { tallies, lookAlikes: LOOK_ALIKES, lookAlikesFound: lookAlikes.filter((found) => found.length > 0).length };
}
