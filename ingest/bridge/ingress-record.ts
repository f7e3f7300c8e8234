import { isName } from '../../contracts/names.ts';
import { isFormat } from '../formats/formats.ts';
import type { Format } from '../formats/formats.ts';

/** A record of the ingress topic as a consumer hands it over. */
export interface IngressRecord {
  readonly offset: number;
  readonly key: Buffer | null;
  /** Null is a tombstone, which plain producers have no use for: it counts as one empty line. */
  readonly value: Buffer | null;
  readonly headers: IngressHeaders;
}

export type IngressHeaders = Readonly<Record<string, Buffer | string | readonly (Buffer | string)[] | undefined>>;

export const SITE_HEADER = 'tourniquet-site';
export const FORMAT_HEADER = 'tourniquet-format';

/** What a record says of its lines. Undefined where it says nothing usable. */
export interface RecordSource {
  readonly site: string | undefined;
  readonly format: Format | undefined;
}

/** Names and formats are shorter; what is longer is not looked at. */
const MOST_BYTES = 128;

/**
 * Each of the two headers wins over the key. The key is `site` or `site/format`, for producers that cannot set headers.
 * A wrong header is not mended by a right key: the producer meant something else.
 */
export function sourceOf({ key, headers }: IngressRecord): RecordSource {
  const [keySite, keyFormat] = textOf(key ?? undefined)?.split('/', 2) ?? [];
  const site = SITE_HEADER in headers ? headerText(headers, SITE_HEADER) : keySite;
  const format = FORMAT_HEADER in headers ? headerText(headers, FORMAT_HEADER) : (keyFormat ?? 'ndjson');
  return { site: isName(site) ? site : undefined, format: isFormat(format) ? format : undefined };
}

function headerText(headers: IngressHeaders, name: string): string | undefined {
  const value = headers[name];
  // A header that comes twice is a mistake unless both say the same.
  if (Array.isArray(value)) return value.every((one) => textOf(one) === textOf(value[0])) ? textOf(value[0]) : undefined;
  // What is no array is a single value; `isArray` does not narrow readonly arrays away.
  return textOf(value as Buffer | string | undefined);
}

function textOf(value: Buffer | string | undefined): string | undefined {
  return value === undefined || value.length > MOST_BYTES ? undefined : value.toString();
}
