import { parseSignedCommand } from '../../contracts/command.ts';
import type { SiteRecord } from '../../contracts/site.ts';

/** Where records stand in the registry stream. Pins, successors, letters, commands and sites are claimed (first wins), the rest appended. */
export const SITE_PREFIX = 'site/';

export function siteKey(site: string): string {
  return `${SITE_PREFIX}${site}/site`;
}

export function pinKey(site: string, secretHash: string): string {
  return `${SITE_PREFIX}${site}/pin/${secretHash}`;
}

/** One record a pair of keys and stream, so that repeats add none; the fold decides which successor counts. */
export function successorKey(site: string, by: string, key: string, stream: string): string {
  return `${SITE_PREFIX}${site}/successor/${by}/${key}/${stream}`;
}

export function enrolmentKey(site: string): string {
  return `${SITE_PREFIX}${site}/enrolment`;
}

export function ingestKeyKey(site: string): string {
  return `${SITE_PREFIX}${site}/ingest_key`;
}

/** One a box and key epoch, however many processes write it. */
export function letterKey(site: string, boxKey: string, keyEpoch: number): string {
  return `${SITE_PREFIX}${site}/letter/${boxKey}/${keyEpoch}`;
}

/** One a counter: two who issue at once get two counters. */
export function commandKey(site: string, counter: number): string {
  return `${SITE_PREFIX}${site}/command/${counter}`;
}

/** Undefined when the text is no record of a site. Our own roles wrote it; a newer type is passed over by the fold. */
export function parseSiteRecord(value: string): SiteRecord | undefined {
  try {
    const record: unknown = JSON.parse(value);
    if (typeof record !== 'object' || record === null || !('type' in record) || !('site' in record) || typeof record.site !== 'string') return undefined;
    // Written by this folder only; the registry stream is no input from outside. Commands are looked at once more all the same.
    const known = record as SiteRecord;
    return known.type === 'command' && parseSignedCommand(known.command)?.site !== known.site ? undefined : known;
  } catch {
    return undefined;
  }
}
