import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Debian's package; its own wp-config.php is for its administrator and stays out. */
export const WORDPRESS_SOURCE = '/usr/share/wordpress';
export const PLUGIN_SOURCE = fileURLToPath(new URL('../plugin', import.meta.url));
export const STAND_IN_SOURCE = fileURLToPath(new URL('../stand-in', import.meta.url));
export const PHP_SOURCE = fileURLToPath(new URL('php', import.meta.url));

export interface SiteConfig {
  /** MariaDB's. */
  readonly socket: string;
  readonly log: string;
  /** Host and port of a network of sites; empty of a single site. */
  readonly network: string;
  readonly constants: Readonly<Record<string, string | number | boolean | readonly string[]>>;
}

/** A directory of WordPress as a web server serves it. Copies, since PHP follows links and WordPress then takes their target for its own place. */
export class WordPressTree {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static make(root: string, config: SiteConfig): WordPressTree {
    if (!existsSync(path.join(WORDPRESS_SOURCE, 'wp-settings.php'))) throw new Error('WordPress is not installed here: run "npm run setup -- --tests"');
    // Some of Debian's links lead nowhere; what cannot be copied is not needed.
    execFileSync('sh', ['-c', 'cp -rL "$1" "$2" 2>/dev/null || test -f "$2/wp-settings.php"', 'cp', WORDPRESS_SOURCE, root]);
    copyFileSync(path.join(PHP_SOURCE, 'config.php'), path.join(root, 'wp-config.php'));
    const tree = new WordPressTree(root);
    tree.configure(config);
    mkdirSync(path.join(root, 'wp-content/uploads'), { recursive: true });
    mkdirSync(path.join(root, 'wp-content/mu-plugins'), { recursive: true });
    copyFileSync(path.join(PHP_SOURCE, 'must-use.php'), path.join(root, 'wp-content/mu-plugins/test-site.php'));
    for (const name of readdirSync(STAND_IN_SOURCE)) {
      const from = path.join(STAND_IN_SOURCE, name);
      if (statSync(from).isDirectory()) cpSync(from, path.join(root, 'wp-content/plugins', name), { recursive: true });
    }
    return tree;
  }

  config(): SiteConfig {
    // Written by `configure`.
    return JSON.parse(readFileSync(path.join(this.root, 'site.json'), 'utf8')) as SiteConfig;
  }

  configure(config: SiteConfig): void {
    writeFileSync(path.join(this.root, 'site.json'), JSON.stringify(config));
  }

  /** As an ordinary plugin, or as a must-use one with the loader that this kind needs. */
  addPlugin(kind: 'plugin' | 'must-use'): void {
    cpSync(PLUGIN_SOURCE, this.pluginDirectory(kind), { recursive: true });
    if (kind === 'must-use') writeFileSync(path.join(this.root, 'wp-content/mu-plugins/tourniquet-loader.php'), "<?php\n\nrequire_once __DIR__ . '/tourniquet/tourniquet.php';\n");
  }

  pluginDirectory(kind: 'plugin' | 'must-use'): string {
    return path.join(this.root, kind === 'plugin' ? 'wp-content/plugins/tourniquet' : 'wp-content/mu-plugins/tourniquet');
  }

  /** Takes over what changed in the checkout since. */
  refresh(kind: 'plugin' | 'must-use'): void {
    cpSync(PLUGIN_SOURCE, this.pluginDirectory(kind), { recursive: true });
    for (const name of readdirSync(STAND_IN_SOURCE)) {
      if (statSync(path.join(STAND_IN_SOURCE, name)).isDirectory()) cpSync(path.join(STAND_IN_SOURCE, name), path.join(this.root, 'wp-content/plugins', name), { recursive: true });
    }
  }
}
