import { precisionOf, recallOf, shortfalls } from './section.ts';
import type { ClassTally, Figure, Section, SectionReport } from './section.ts';

const NAME_WIDTH = 34;

function share(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(4);
}

function classLine(tally: ClassTally): string {
  const aim = tally.aim === undefined ? '' : shortfalls({ classes: [tally], figures: [] }, 'aim').length === 0 ? 'met' : `MISSED (${tally.aim.precision}, ${tally.aim.recall})`;
  return `  ${tally.name.padEnd(NAME_WIDTH)} ${share(precisionOf(tally)).padStart(9)} ${share(recallOf(tally)).padStart(7)} ${String(tally.found).padStart(6)}/${String(tally.positives).padEnd(6)} ${String(tally.falseFound).padStart(5)}/${String(tally.negatives).padEnd(6)} ${aim}${tally.note === undefined ? '' : `  ${tally.note}`}`;
}

function figureLine(figure: Figure): string {
  const value = Number.isInteger(figure.value) ? figure.value.toLocaleString('en-US') : figure.value.toPrecision(4);
  const aim = figure.aim === undefined ? '' : shortfalls({ classes: [], figures: [figure] }, 'aim').length === 0 ? 'met' : 'MISSED';
  const limits = figure.aim === undefined ? '' : ` (${[figure.aim.least === undefined ? '' : `at least ${figure.aim.least}`, figure.aim.most === undefined ? '' : `at most ${figure.aim.most}`].filter((t) => t !== '').join(', ')})`;
  return `  ${figure.name.padEnd(NAME_WIDTH)} ${value.padStart(12)} ${figure.unit.padEnd(18)} ${aim}${limits}${figure.note === undefined ? '' : `  ${figure.note}`}`;
}

/** A section for people. */
export function printSection({ name, title }: Section, report: SectionReport): string {
  const { classes, figures } = report;
  const head = classes.length === 0 ? [] : [`  ${'class'.padEnd(NAME_WIDTH)} ${'precision'.padStart(9)} ${'recall'.padStart(7)} ${'found'.padStart(6)}${' '.repeat(7)} ${'false'.padStart(5)}${' '.repeat(7)} aim`];
  return [`${name}: ${title}`, ...head, ...classes.map(classLine), ...figures.map(figureLine), ''].join('\n');
}
