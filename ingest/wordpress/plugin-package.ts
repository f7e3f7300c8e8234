import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { zipFile } from './zip-file.ts';
import type { ZipEntry } from './zip-file.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
const PLUGIN = path.join(import.meta.dirname, 'plugin');
/** What a site needs; anything else below the plugin's directory stays at home. */
const SHIPPED = /\.(?:php|css|js|json|txt|pot|po|mo)$/;

/** Of package.json; throws when the plugin's own files say another. */
export function pluginVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
  const main = readFileSync(path.join(PLUGIN, 'tourniquet.php'), 'utf8');
  const readme = readFileSync(path.join(PLUGIN, 'readme.txt'), 'utf8');
  const said = {
    'the header of tourniquet.php': /^ \* Version:\s+(\S+)$/m.exec(main)?.[1],
    TOURNIQUET_VERSION: /define\('TOURNIQUET_VERSION', '([^']+)'\)/.exec(main)?.[1],
    'Stable tag of readme.txt': /^Stable tag: (\S+)$/m.exec(readme)?.[1],
  };
  const wrong = Object.entries(said).filter(([, v]) => v !== version).map(([where, v]) => `${where} says ${v ?? 'nothing'}`);
  if (wrong.length > 0) throw new Error(`package.json says version ${version}, but ${wrong.join(', ')}: make them equal`);
  return version;
}

/** What lies in the zip, below `tourniquet/`. */
export function pluginFiles(): readonly ZipEntry[] {
  const names = readdirSync(PLUGIN, { recursive: true, encoding: 'utf8' }).filter((f) => SHIPPED.test(f));
  return [
    ...names.map((name) => ({ name: `tourniquet/${name.replaceAll(path.sep, '/')}`, bytes: readFileSync(path.join(PLUGIN, name)) })),
    { name: 'tourniquet/LICENSE', bytes: readFileSync(path.join(ROOT, 'LICENSE')) },
  ];
}

/** The plugin as WordPress installs it. Equal sources give equal bytes. */
export function pluginZip(): { readonly name: string; readonly bytes: Uint8Array } {
  return { name: `tourniquet-${pluginVersion()}.zip`, bytes: zipFile(pluginFiles()) };
}
