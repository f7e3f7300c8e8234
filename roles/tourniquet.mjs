#!/usr/bin/env node
// The command. Node 24 runs the TypeScript sources; an older Node hands over to the one among the dependencies.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import process from 'node:process';

const here = path.dirname(fileURLToPath(import.meta.url));
const cli = path.join(here, 'cli.ts');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  process.argv[1] = cli;
  await import('./cli.ts');
} else {
  const node = path.join(here, '../node_modules/.bin/node');
  if (!existsSync(node)) {
    process.stderr.write('tourniquet: needs Node 24. Run "npm run setup" in the checkout, which brings it along.\n');
    process.exit(2);
  }
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}
