import { readdirSync, readFileSync } from 'node:fs';
import type { SourceFile } from '../../../contracts/rule-set.ts';

/** The mapping files beside this one, in order of name. */
export function shippedMappings(): readonly SourceFile[] {
  const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.yml')).toSorted();
  return names.map((file) => ({ file: `mappings/${file}`, text: readFileSync(`${import.meta.dirname}/${file}`, 'utf8') }));
}
