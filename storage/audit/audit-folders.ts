import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAuditQuery, QUERY_NAME } from './audit-query.ts';
import type { AuditQuery } from './audit-query.ts';

/** Where the shipped queries are. */
export const SHIPPED = fileURLToPath(new URL('.', import.meta.url));

export interface AuditFolders {
  /** Read anew each time, so that an edited file counts at once. Undefined when there is none; rejects with `QueryFileError`. */
  query(name: string): Promise<AuditQuery | undefined>;
  names(): Promise<readonly string[]>;
}

export interface AuditListing {
  readonly queries: readonly AuditQuery[];
  /** Files that are wrong, each with its places. */
  readonly problems: readonly Error[];
}

/** The saved queries of folders; of two of one name the first folder's counts, and the shipped ones come first. */
export function auditFolders(own: readonly string[]): AuditFolders {
  const folders = [SHIPPED, ...own];
  return {
    async names() {
      const files = await Promise.all(folders.map((folder) => readdir(folder)));
      return [...new Set(files.flat().filter((file) => file.endsWith('.sql')).map((file) => file.slice(0, -'.sql'.length)))].toSorted();
    },
    async query(name) {
      if (!QUERY_NAME.test(name)) return undefined;
      for (const folder of folders) {
        const file = path.join(folder, `${name}.sql`);
        const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        });
        if (text !== undefined) return parseAuditQuery(name, text, file);
      }
      return undefined;
    },
  };
}

/** Every query that can be read, and what is wrong with the others. */
export async function listQueries(folders: AuditFolders): Promise<AuditListing> {
  const queries: AuditQuery[] = [];
  const problems: Error[] = [];
  for (const name of await folders.names()) {
    try {
      const query = await folders.query(name);
      if (query !== undefined) queries.push(query);
    } catch (error) {
      problems.push(error instanceof Error ? error : new Error(String(error)));
    }
  }
  return { queries, problems };
}
