import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';

/** Writes a file that readers see whole, before or after; its owner's only. After a crash the one before stands, and at most a hidden file beside it. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o750 });
  const aside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  const handle = await open(aside, 'w', 0o640);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
}
