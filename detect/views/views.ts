import { backslashesDecoded } from './backslashes.ts';
import { compatibilityDecoded } from './compatibility.ts';
import { base64Decoded, hexDecoded } from './encoded-runs.ts';
import { entitiesDecoded } from './entities.ts';
import { percentDecoded } from './percent.ts';
import type { Reading } from './reading.ts';
import { traitsOf, TRAITS } from './signs.ts';
import { sqlSpaced } from './sql-space.ts';
import { startOf } from './view.ts';
import type { View } from './view.ts';

/** So often each step is taken: what is encoded deeper stays so. Three views a round and one of SQL bound the work. */
const ROUNDS = 3;
/** Of a longer text only what it is after all rounds, and then as SQL, is a view: a hostile one costs three times its length, not eleven. */
const MOST_UNITS_OF_EACH_VIEW = 8192;

type Step = 'base64' | 'hex' | 'percent' | 'html' | 'unicode' | 'json' | 'sql';

/** The newest reading. */
interface Chain {
  view: View;
  /** Of its text: what a step needs and is not there spares the step. */
  traits: number;
  readonly path: Step[];
}

/** `percent`, `percent2` for twice in a row, `percent>html` for one after the other. */
function nameOf(path: readonly Step[]): string {
  const names: string[] = [];
  for (const [i, step] of path.entries()) {
    if (step === path[i + 1]) continue;
    let times = 1;
    while (path[i - times] === step) times++;
    names.push(times === 1 ? step : `${step}${times}`);
  }
  return names.join('>');
}

/** Goes on to a reading of the newest view; false when the step changed nothing. */
function advance(chain: Chain, step: Step, reading: Reading | undefined, escaped: boolean): boolean {
  if (reading === undefined) return false;
  const { view, path } = chain;
  path.push(step);
  const origin = view.origin === undefined ? reading.origin : reading.origin.map((at) => startOf(view, at));
  chain.view = { text: reading.text, origin, name: nameOf(path), escaped: view.escaped || escaped };
  chain.traits = traitsOf(reading.text);
  return true;
}

/** What the step makes of the newest text, which must have one of the traits to change. */
function read<T>({ view, traits }: Chain, needed: number, step: (text: string) => T | undefined): T | undefined {
  return (traits & needed) === 0 ? undefined : step(view.text);
}

function runsAdvanced(chain: Chain): boolean {
  const base64 = advance(chain, 'base64', read(chain, TRAITS.run, base64Decoded), true);
  return advance(chain, 'hex', read(chain, TRAITS.run | TRAITS.hexPrefix, hexDecoded), true) || base64;
}

function charactersAdvanced(chain: Chain, plus: boolean): boolean {
  const percent = read(chain, plus ? TRAITS.percent | TRAITS.plus : TRAITS.percent, (text) => percentDecoded(text, plus));
  const changed = advance(chain, 'percent', percent, percent?.escaped === true);
  const html = advance(chain, 'html', read(chain, TRAITS.ampersand, entitiesDecoded), true);
  return advance(chain, 'unicode', read(chain, TRAITS.beyondAscii, compatibilityDecoded), true) || html || changed;
}

/**
 * The text as it is, then what an application that decodes it may read. A round reads encoded runs (base64, then hex),
 * then characters (percent and, in the first round, plus; entities; compatibility forms), then backslash escapes: each
 * of the three that changes something gives a view. After the rounds what SQL reads as white space is one space each.
 * No view is longer than the text, in units and as UTF-8; `detect/native/src/views.cc` makes the same.
 */
export function viewsOf(text: string): readonly View[] {
  const plain: View = { text, origin: undefined, name: '', escaped: false };
  const traits = traitsOf(text);
  if (traits === 0) return [plain];
  const views = [plain];
  const chain: Chain = { view: plain, traits, path: [] };
  const eachView = text.length <= MOST_UNITS_OF_EACH_VIEW;
  const keep = (changed: boolean): boolean => {
    if (changed && eachView) views.push(chain.view);
    return changed;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const runs = keep(runsAdvanced(chain));
    const characters = keep(charactersAdvanced(chain, round === 0));
    const backslashes = keep(advance(chain, 'json', read(chain, TRAITS.backslash, backslashesDecoded), true));
    if (!runs && !characters && !backslashes) break;
  }
  if (!eachView && chain.view !== plain) views.push(chain.view);
  if (advance(chain, 'sql', read(chain, TRAITS.star | TRAITS.spacing | TRAITS.beyondAscii, sqlSpaced), false)) views.push(chain.view);
  return views;
}
