import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pluginFiles, pluginVersion, pluginZip } from './plugin-package.ts';
import { zipFile } from './zip-file.ts';

describe('the zip of the plugin', () => {
  it('has the same bytes twice, whatever the order of its files', () => {
    expect(Buffer.from(pluginZip().bytes).equals(pluginZip().bytes)).toBe(true);
    expect(Buffer.from(zipFile(pluginFiles())).equals(zipFile(pluginFiles().toReversed()))).toBe(true);
  });

  it('holds what WordPress needs in one folder, and no test, note or tool', () => {
    const names = pluginFiles().map((f) => f.name);
    for (const name of ['tourniquet.php', 'uninstall.php', 'readme.txt', 'LICENSE', 'mu-plugins/tourniquet.php', 'languages/tourniquet.pot', 'assets/page.css', 'src/Autoload.php']) expect(names).toContain(`tourniquet/${name}`);
    expect(names.filter((n) => !n.startsWith('tourniquet/') || /\.(?:md|ts|xml)$|\/(?:unit|tests?|acts)\//.test(n))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is read by another program as it was written', () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), 'tq-zip-'));
    try {
      const file = path.join(directory, 'x.zip');
      const text = 'grüße '.repeat(500);
      writeFileSync(file, zipFile([{ name: 'a/ä.txt', bytes: Buffer.from(text) }, { name: 'a/empty.txt', bytes: new Uint8Array() }]));
      const read = execFileSync('php', ['-r', '$z = new PharData($argv[1]); echo file_get_contents("phar://" . $argv[1] . "/a/ä.txt"), "|", strlen(file_get_contents("phar://" . $argv[1] . "/a/empty.txt"));', file], { encoding: 'utf8' });
      expect(read).toBe(`${text}|0`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('carries the version that package.json says', () => {
    expect(pluginZip().name).toBe(`tourniquet-${pluginVersion()}.zip`);
  });
});
