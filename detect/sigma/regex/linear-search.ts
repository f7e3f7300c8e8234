import type { Automaton } from './automaton.ts';
import type { Kernel, Simulation } from './simulation.ts';
import { createSimulation, FOUND, START, symbolOf } from './simulation.ts';

/**
 * Searches with an automaton: every unit of a text is looked at once, with at most one step for each state of the
 * automaton. Kernels that were met are kept in a table, so that common texts take one look-up a unit.
 */
export function linearSearch(automaton: Automaton): (text: string) => boolean {
  const simulation = createSimulation(automaton);
  const { symbols, finalLineFeed, end } = simulation;
  const asciiSymbols = Uint16Array.from({ length: 128 }, (_, unit) => symbolOf(symbols, unit));
  let table = newTable(end + 1);
  return (text) => {
    if (table.kernels.length > MOST_KERNELS) table = newTable(end + 1);
    const { width } = table;
    const last = text.length - 1;
    let { cells } = table;
    let index = 0;
    for (let i = 0; i < last; i++) {
      const unit = text.charCodeAt(i);
      const symbol = unit < 128 ? (asciiSymbols[unit] ?? 0) : symbolOf(symbols, unit);
      let cell = cells[index * width + symbol] ?? UNKNOWN;
      if (cell < FIRST_KERNEL) {
        cell = stepFrom(table, simulation, index, symbol);
        if (cell < FIRST_KERNEL) return cell === IS_FOUND;
        if (table.kernels.length > MOST_KERNELS) return walk(simulation, table.kernels[cell - FIRST_KERNEL] ?? START, text, i + 1);
        ({ cells } = table);
      }
      index = cell - FIRST_KERNEL;
    }
    const unit = text.charCodeAt(last);
    const cell = last < 0 ? index + FIRST_KERNEL : stepFrom(table, simulation, index, unit === 0x0a ? finalLineFeed : symbolOf(symbols, unit));
    return cell === IS_FOUND || (cell >= FIRST_KERNEL && stepFrom(table, simulation, cell - FIRST_KERNEL, end) === IS_FOUND);
  };
}

/** Kernels that are kept; a text that meets more is walked over without keeping any. */
const MOST_KERNELS = 1000;

/** What a cell says of a step: nothing yet, found, never to be found, or a kernel's index and `FIRST_KERNEL`. */
const UNKNOWN = 0;
const IS_FOUND = 1;
const IS_LOST = 2;
const FIRST_KERNEL = 3;

/** Kernels that were met, `START` first; a row of cells for each, a cell for each symbol. */
interface KernelTable {
  readonly width: number;
  readonly kernels: Kernel[];
  readonly indexes: Map<string, number>;
  cells: Int32Array;
}

function newTable(width: number): KernelTable {
  const table: KernelTable = { width, kernels: [], indexes: new Map(), cells: new Int32Array(width * 8) };
  indexOf(table, START);
  return table;
}

function indexOf(table: KernelTable, kernel: Kernel): number {
  const key = `${kernel.before}:${kernel.states.join()}`;
  const known = table.indexes.get(key);
  if (known !== undefined) return known;
  const index = table.kernels.push(kernel) - 1;
  table.indexes.set(key, index);
  if (table.kernels.length * table.width > table.cells.length) {
    const larger = new Int32Array(table.cells.length * 2);
    larger.set(table.cells);
    table.cells = larger;
  }
  return index;
}

/** The cell of a step, computed when it was not asked for before. */
function stepFrom(table: KernelTable, simulation: Simulation, index: number, symbol: number): number {
  const at = index * table.width + symbol;
  const known = table.cells[at] ?? UNKNOWN;
  if (known !== UNKNOWN) return known;
  const next = simulation.step(table.kernels[index] ?? START, symbol);
  const cell = next === FOUND ? IS_FOUND : next === undefined ? IS_LOST : indexOf(table, next) + FIRST_KERNEL;
  table.cells[at] = cell;
  return cell;
}

function walk({ symbols, finalLineFeed, end, step }: Simulation, from: Kernel, text: string, start: number): boolean {
  const last = text.length - 1;
  let kernel = from;
  for (let i = start; i <= text.length; i++) {
    const unit = text.charCodeAt(i);
    const next = step(kernel, i > last ? end : i === last && unit === 0x0a ? finalLineFeed : symbolOf(symbols, unit));
    if (next === FOUND) return true;
    if (next === undefined) return false;
    kernel = next;
  }
  return false;
}
