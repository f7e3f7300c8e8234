import { canonicalJson } from '../../contracts/canonical-json.ts';
import { measured } from './measured-file.ts';
import type { FileMeasure } from './measured-file.ts';

/** `manifest.json`: what each other file of the bundle is, a file a line. */
export function manifestJson(deployment: string, site: string, files: ReadonlyMap<string, FileMeasure>): string {
  const rows = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, measure]) => `${JSON.stringify(name)}:${canonicalJson(measure)}`);
  return `{"deployment":${JSON.stringify(deployment)},"files":{\n${rows.join(',\n')}\n},"site":${JSON.stringify(site)},"v":1}\n`;
}

/** What `manifest.note` signs of it: its SHA-256, and short hashes of its lines, which name the one that changed. */
export async function manifestBody(manifest: string): Promise<string> {
  const file = measured([manifest]);
  await Array.fromAsync(file.chunks);
  const { sha256, lines } = file.measure();
  return `sha256 ${sha256}\nlines ${lines}\n`;
}
