import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What tests compile is kept for one run: every home and engine of a test finds it, and no code of before has made it. */
export function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'tourniquet-cache-'));
  process.env['TOURNIQUET_CACHE'] = directory;
  return () => rmSync(directory, { recursive: true, force: true });
}
