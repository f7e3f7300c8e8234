import { isName } from '../../contracts/names.ts';
import { UsageError } from '../usage-error.ts';

/** A site's token keys of every key epoch: one JSON object, `{"v": 1, "site": …, "keys": [base64 of 32 bytes, …]}`, epoch 1 first. */
export interface TokenKeys {
  readonly site: string;
  /** 32 bytes each; epoch 1 first. */
  readonly keys: readonly Buffer[];
}

const KEY_BYTES = 32;

export function formatTokenKeys({ site, keys }: TokenKeys): string {
  return `${JSON.stringify({ v: 1, site, keys: keys.map((key) => key.toString('base64')) })}\n`;
}

/** Throws UsageError, without what stands in the file. */
export function parseTokenKeys(text: string): TokenKeys {
  const parsed = read(text);
  if (parsed === undefined) throw new UsageError('--site-key names no file of token keys: make one with "tourniquet site token-key NAME --reason … --out FILE", or take that of the plugin');
  return parsed;
}

function read(text: string): TokenKeys | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('v' in value) || !('site' in value) || !('keys' in value)) return undefined;
  const { v, site, keys } = value;
  if (v !== 1 || !isName(site) || !Array.isArray(keys) || keys.length === 0) return undefined;
  const bytes = keys.map((key: unknown) => Buffer.from(String(key), 'base64'));
  return bytes.every((key) => key.length === KEY_BYTES) ? { site, keys: bytes } : undefined;
}
