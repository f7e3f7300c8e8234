import type { SourceFile } from '../../contracts/rule-set.ts';
import { joinMappings, readMappingFile } from '../sigma/mappings/load-mappings.ts';
import type { LoadedMappings, MappingFile } from '../sigma/mappings/load-mappings.ts';
import { timeSlices } from '../time-slices.ts';

/** Files of the set before, by name and text: most sets differ in rules, and reading these takes longer than a running worker should pause. */
let known: ReadonlyMap<string, MappingFile> = new Map();

/** `loadMappings` in slices of time, without what was read before. */
export async function mappingsOf(files: readonly SourceFile[]): Promise<LoadedMappings> {
  const pause = timeSlices();
  const read = new Map<string, MappingFile>();
  for (const file of files) {
    const key = JSON.stringify([file.file, file.text]);
    read.set(key, known.get(key) ?? readMappingFile(file));
    await pause();
  }
  known = read;
  return joinMappings([...read.values()]);
}
