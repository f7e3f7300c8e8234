import type { Logsource } from '../../detect/sigma/rule.ts';
import { UsageError } from '../usage-error.ts';

const KEYS = ['category', 'product', 'service'] as const;

/** `any`, or `category=webserver,product=nginx`. Throws UsageError for anything else. */
export function logsourceOf(text: string): 'any' | Logsource {
  if (text === 'any') return text;
  const pairs = text.split(',').map((part) => {
    const [, key = '', value = ''] = /^([a-z]+)=([a-z0-9_.-]+)$/.exec(part) ?? [];
    const known = KEYS.find((name) => name === key);
    if (known === undefined) throw new UsageError(`--logsource: "${part}" is no log source: write any, or category=webserver, with product= and service= after commas`);
    return [known, value] as const;
  });
  const names = new Map(pairs);
  if (names.size < pairs.length) throw new UsageError(`--logsource "${text}" names a part of it twice`);
  return Object.fromEntries(names);
}
