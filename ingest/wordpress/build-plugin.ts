import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pluginZip } from './plugin-package.ts';

const directory = path.join(import.meta.dirname, '..', '..', 'dist');
const { name, bytes } = pluginZip();
mkdirSync(directory, { recursive: true });
writeFileSync(path.join(directory, name), bytes);
process.stdout.write(`dist/${name}  ${bytes.length} bytes  sha256 ${createHash('sha256').update(bytes).digest('hex')}\n`);
