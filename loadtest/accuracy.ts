import { parseArgs } from 'node:util';
import { printSection } from './accuracy/print-section.ts';
import { shortfalls } from './accuracy/section.ts';
import { SECTIONS } from './accuracy/sections.ts';
import { printHardware } from './report.ts';

const SEED = 20261121;

/** The sections named, all when none is. Exit code 1 when a floor is not held, 2 for a section that does not exist. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false }, seed: { type: 'string', default: String(SEED) } } });
  const unknown = positionals.filter((name) => SECTIONS.every((section) => section.name !== name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no section ${unknown.join(', ')}; there are ${SECTIONS.map(({ name }) => name).join(', ')}\n`);
    return 2;
  }
  const seed = Number(values.seed);
  if (!values.json) printHardware(seed);
  let short = 0;
  for (const section of SECTIONS) {
    if (positionals.length > 0 && !positionals.includes(section.name)) continue;
    const report = await section.run(seed);
    if (report === undefined) {
      process.stderr.write(`${section.name}: left out, for its reference data is not on this machine (TOURNIQUET_CORPORA names its folder)\n`);
      continue;
    }
    process.stdout.write(values.json ? `${JSON.stringify({ section: section.name, ...report })}\n` : `${printSection(section, report)}\n`);
    for (const one of shortfalls(report, 'floor')) {
      process.stderr.write(`${section.name}: ${one}\n`);
      short++;
    }
  }
  return short === 0 ? 0 : 1;
}

process.exitCode = await main();
