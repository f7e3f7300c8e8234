import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Pack } from '../../contracts/pack.ts';
import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import { DOCUMENTS_FILE, readDocuments } from '../documents/documents-file.ts';
import { loadPack } from '../pack/load.ts';

/** A folder of signatures and registered documents; `pack` is undefined without signatures. */
export interface AddedPack {
  readonly pack: Pack | undefined;
  readonly documents: readonly RegisteredDocument[];
}

/** Nothing for a folder that does not exist. Throws TQ-DETECT-05 with the place of each problem. */
export async function loadAdded(folder: string): Promise<AddedPack> {
  if (!existsSync(folder)) return { pack: undefined, documents: [] };
  const names = await readdir(folder);
  return {
    pack: names.some((name) => name.endsWith('.yaml')) ? await loadPack(folder) : undefined,
    documents: names.includes(DOCUMENTS_FILE) ? await readDocuments(path.join(folder, DOCUMENTS_FILE)) : [],
  };
}
