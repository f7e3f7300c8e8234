import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pluginVersion } from '../plugin-package.ts';
import { dangerousCalls, rawInput } from './input.ts';
import { newerPhp } from './newer-php.ts';
import { unescapedOutput } from './output.ts';
import { parsePhp, phpFiles, PLUGIN, pluginSources } from './php-source.ts';
import { potFile, translations } from './translations.ts';

/** Put together from escaped parts, or printed once before. */
const ESCAPED_BEFORE = new Set(['Admin/SettingsForm.php $attributes', 'Admin/SettingsForm.php $label', 'Observe/Persons/OutputScan.php $held'].map((f) => `src/${f}`));
/** They compare what was asked for, and keep or print nothing of it. */
const COMPARES = new Set(['Contain/Act/BlockRoute.php', 'Contain/Act/BlockAddress.php', 'Contain/Act/ExportsOff.php'].map((f) => `src/${f}`).concat('beat.php'));

const sources = pluginSources();

describe('the plugin\'s PHP', () => {
  it('has no error of syntax', () => {
    const answer = spawnSync('xargs', ['-0', '-n', '40', '-P', '2', 'php', '-d', 'display_errors=1', '-l'], { input: phpFiles().map((f) => path.join(PLUGIN, f)).join('\0'), encoding: 'utf8' });
    expect(answer.stdout.split('\n').filter((l) => l.trim() !== '' && !l.startsWith('No syntax errors'))).toEqual([]);
    expect(answer.status).toBe(0);
  });

  it('is what PHP 7.4 knows', () => {
    expect(sources.flatMap(newerPhp)).toEqual([]);
  });

  it('follows the coding standard', () => {
    const answer = spawnSync('phpcs', ['-q', '--report=emacs', `--standard=${path.join(PLUGIN, '..', 'phpcs.xml')}`, PLUGIN], { encoding: 'utf8' });
    expect(answer.stdout.split('\n').filter((l) => l !== '').map((l) => path.relative(PLUGIN, l))).toEqual([]);
  });

  it('prints nothing unescaped', () => {
    expect(sources.flatMap((f) => unescapedOutput(f, ESCAPED_BEFORE))).toEqual([]);
  });

  it('unslashes what visitors send', () => {
    expect(sources.flatMap((f) => rawInput(f, COMPARES))).toEqual([]);
  });

  it('makes no code and no objects of texts', () => {
    expect(sources.flatMap(dangerousCalls)).toEqual([]);
  });

  it('declares strict types, and holds no file that runs on its own', () => {
    for (const { name, text } of sources) {
      if (name.endsWith('patterns.php') || name.endsWith('Table.php')) continue;
      expect(text, name).toContain('declare(strict_types=1);');
      if (!name.startsWith('src/') && !['beat.php', 'ship.php'].includes(name)) expect(text, name).toMatch(/defined\('(?:ABSPATH|WP_UNINSTALL_PLUGIN)'\) \|\| exit;/);
    }
  });
});

describe('texts for people', () => {
  it('have the text domain, and hints where they have placeholders', () => {
    expect(sources.flatMap((f) => translations(f).problems)).toEqual([]);
  });

  it('stand in the template of translations', () => {
    const stored = readFileSync(path.join(PLUGIN, 'languages', 'tourniquet.pot'), 'utf8');
    expect(stored, 'node ingest/wordpress/checks/make-pot.ts writes it anew').toBe(potFile(sources, pluginVersion()));
  });
});

describe('readme.txt', () => {
  const readme = readFileSync(path.join(PLUGIN, 'readme.txt'), 'utf8');
  const main = readFileSync(path.join(PLUGIN, 'tourniquet.php'), 'utf8');

  it('has the headers and sections that wordpress.org asks for', () => {
    for (const header of ['Contributors', 'Tags', 'Requires at least', 'Tested up to', 'Requires PHP', 'Stable tag', 'License', 'License URI']) expect(readme).toMatch(new RegExp(`^${header}: \\S`, 'm'));
    for (const section of ['Description', 'Installation', 'Frequently Asked Questions', 'Changelog', 'External services']) expect(readme).toContain(`== ${section} ==`);
    expect((/^Tags: (.*)$/m.exec(readme)?.[1] ?? '').split(',').length).toBeLessThanOrEqual(5);
    const short = readme.split('\n\n')[1] ?? '';
    expect(short.length).toBeGreaterThan(40);
    expect(short.length).toBeLessThanOrEqual(150);
  });

  it('asks for the same versions as the plugin\'s header', () => {
    for (const header of ['Requires at least', 'Requires PHP', 'License']) {
      const said = new RegExp(`^(?: \\* )?${header}:\\s+(\\S+)$`, 'm');
      expect(said.exec(readme)?.[1]).toBe(said.exec(main)?.[1]);
    }
  });
});

describe('the checks themselves', () => {
  const complaints = (check: (file: ReturnType<typeof parsePhp>) => readonly string[], code: string): number => check(parsePhp('x.php', `<?php\n${code}`)).length;

  it('find what is newer than PHP 7.4', () => {
    for (const code of ['class A { public function __construct(private int $x) {} }', 'function f(int|string $x) {}', 'function f(): static {}', 'class A { readonly int $x; }', '$a = $x::class;', 'str_contains("a", "b");', 'function f(): mixed {}', '#[Attribute]\nclass A {}']) expect(complaints(newerPhp, code), code).toBe(1);
    for (const code of ['$a = match($x) { 1 => 2 };', '$a?->b();', 'f(x: 1);', 'enum A { case B; }', 'f(...);', 'try { f(); } catch (E) {}']) expect(() => parsePhp('x.php', `<?php\n${code}`), code).toThrow(/x\.php/);
    for (const code of ['class A { private ?int $x = null; }', '$f = fn(int $x): int => $x ?? 1;', 'if (function_exists("fsync")) { fsync($h); }', '$a ??= A::class;']) expect(complaints(newerPhp, code), code).toBe(0);
  });

  it('find what is printed unescaped', () => {
    for (const code of ['echo $x;', 'echo "a" . $x;', 'echo "a{$x}";', 'echo __("a", "b");', 'printf("%s", $x);', 'echo $a ? esc_html($a) : $b;', 'print $x;']) expect(complaints((f) => unescapedOutput(f), code), code).toBe(1);
    for (const code of ['echo "a" . esc_html($x) . (int) $y;', 'echo $a ? "b" : esc_attr($c);', 'echo nl2br(esc_html($x));']) expect(complaints((f) => unescapedOutput(f), code), code).toBe(0);
  });

  it('find input that is used raw, and texts that become objects or code', () => {
    expect(complaints((f) => rawInput(f), '$a = $_GET["b"];')).toBe(1);
    expect(complaints((f) => rawInput(f), '$a = isset($_GET["b"]) ? sanitize_key(wp_unslash($_GET["b"])) : (int) $_POST["c"];')).toBe(0);
    for (const code of ['unserialize($x);', 'eval($x);', 'include $_GET["a"];', 'preg_replace("/a/e", "b", $x);']) expect(complaints(dangerousCalls, code), code).toBe(1);
    expect(complaints(dangerousCalls, 'unserialize($x, ["allowed_classes" => false]);')).toBe(0);
  });

  it('find texts without our text domain or without hints', () => {
    for (const code of ['__("a");', '__("a", "other");', '__($a, "tourniquet");', 'esc_html__("%s", "tourniquet");']) expect(translations(parsePhp('x.php', `<?php\n${code}`)).problems, code).toHaveLength(1);
    expect(translations(parsePhp('x.php', '<?php\n/* translators: %s: a name */\n__("a %s", "tourniquet");')).problems).toEqual([]);
  });
});

it('phpcs is the one that knows our rules', () => {
  expect(execFileSync('phpcs', ['--version'], { encoding: 'utf8' })).toMatch(/version [3-9]/);
});
