import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer } from './browser.ts';
import type { WordPressSite } from './wordpress-site.ts';

/** Runs statements as a hole in a must-use plugin would let somebody: over HTTP, and nobody logged in. */
export async function runRogueCode(site: WordPressSite, code: string): Promise<Answer> {
  const file = path.join(site.tree.root, 'wp-content/mu-plugins/rogue.php');
  writeFileSync(file, `<?php\nadd_action('init', static function () { if (isset($_GET['rogue'])) { ${code} echo 'done'; exit; } });\n`);
  try {
    const answer = await site.browser().get('/?rogue=1');
    if (!answer.text.endsWith('done')) throw new Error(`the rogue code did not run: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer;
  } finally {
    rmSync(file);
  }
}
