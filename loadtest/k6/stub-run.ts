import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import process from 'node:process';
import { gatewayDouble } from './gateway-double.ts';

/**
 * Runs gateway.js as one virtual user of k6 would, with k6's modules replaced: arguments are the script, the user's
 * number and how often each scenario runs. Prints the options, what was posted and what was counted as one line of JSON.
 */
const [script = '', user = '0', runs = '0'] = process.argv.slice(2);

const counters: Record<string, number> = {};
const double = gatewayDouble();
const stub = {
  k6: 'export const check = (value, claims) => Object.values(claims).map((claim) => claim(value)).every(Boolean);',
  'k6/http': 'export default { post: (url, body, params) => globalThis.k6Stub.post(url, body, params) };',
  'k6/metrics': 'export class Counter { constructor(name) { this.name = name; } add(n) { globalThis.k6Stub.count(this.name, n); } }',
};
registerHooks({
  resolve(specifier, context, next) {
    const source = Object.entries(stub).find(([name]) => name === specifier)?.[1];
    return source === undefined ? next(specifier, context) : { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true };
  },
});
Object.assign(globalThis, {
  __ENV: process.env,
  __VU: Number(user),
  open: (file: string, mode?: string) => (mode === 'b' ? Uint8Array.from(readFileSync(file)).buffer : readFileSync(file, 'utf8')),
  k6Stub: { post: double.post, count: (name: string, n: number) => (counters[name] = (counters[name] ?? 0) + n) },
});

interface K6Script {
  readonly options: { readonly scenarios: Readonly<Record<string, { readonly exec: string }>> };
  readonly [name: string]: unknown;
}

// The shape that k6 asks of a script.
const loaded = (await import(script)) as K6Script;
for (let i = 0; i < Number(runs); i++) {
  for (const { exec } of Object.values(loaded.options.scenarios)) (loaded[exec] as () => void)();
}
process.stdout.write(`${JSON.stringify({ options: loaded.options, posted: double.posted, counters })}\n`);
