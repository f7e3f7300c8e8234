import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { createRuleSet } from '../../contracts/rule-set.ts';
import type { RuleSet, RuleSetContent } from '../../contracts/rule-set.ts';

/** A rule set ready to be sealed. */
export interface PreparedRuleSet {
  readonly ruleSet: RuleSet;
  /** The same as text: all but the Sigma files, a dot, the Sigma files; each JSON, compressed, base64. */
  readonly packed: string;
}

/** The versions in the registry. */
export interface KnownSeals {
  readonly versions: readonly string[];
  /** The one sealed last. */
  readonly last: string | undefined;
}

const LEVEL = { params: { [constants.ZSTD_c_compressionLevel]: 9 } };

/** The content as the set sealed last where that is the same, else as a set that was never sealed. */
export function prepareRuleSet(content: RuleSetContent, { versions, last }: KnownSeals): PreparedRuleSet {
  for (let revision = 0; ; revision++) {
    const ruleSet = createRuleSet(content, revision);
    if (ruleSet.version !== last && versions.includes(ruleSet.version)) continue;
    const { sigma, ...head } = ruleSet;
    return openRuleSet(`${pack(head)}.${pack(sigma)}`);
  }
}

/** Of a text that `prepareRuleSet` packed. The Sigma files, megabytes that only compiling needs, are unpacked when they are first asked for. */
export function openRuleSet(packed: string): PreparedRuleSet {
  const [head = '', files = ''] = packed.split('.');
  let sigma: RuleSet['sigma'] | undefined;
  const ruleSet = Object.defineProperty(unpack(head) as object, 'sigma', {
    enumerable: true,
    get: () => (sigma ??= unpack(files) as RuleSet['sigma']), // packed above
  }) as RuleSet; // it has its files now
  return { ruleSet, packed };
}

function pack(value: unknown): string {
  return zstdCompressSync(Buffer.from(JSON.stringify(value)), LEVEL).toString('base64');
}

function unpack(text: string): unknown {
  return JSON.parse(zstdDecompressSync(Buffer.from(text, 'base64')).toString());
}
