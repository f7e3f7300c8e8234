import { describe, expect, test } from 'vitest';
import { takes } from './judge-fixture.ts';
import { shellReading } from './shell-reading.ts';
import { commandOf, globMatches } from './shell-words.ts';
import { shell } from './shell.ts';

describe('a shell reads', () => {
  test.each([
    ["c''at /etc/hosts", 'cat /etc/hosts'], ['w\\ho\\am\\i', 'whoami'], ['cat${IFS}x', 'cat x'], ['cat$IFS$9x', 'cat x'], ['who$@ami', 'whoami'], ['{cat,/etc/x}', 'cat /etc/x'], ['c{a,oun}t', 'cat count'], ["'i'fconfig", 'ifconfig'], ['cat+/etc/x', 'cat /etc/x'], ['uname$u -a', 'uname -a'], ['c^at', 'cat'], ['a `` b', 'a `` b'],
  ])('%j as %j', (source, reading) => {
    expect(shellReading(source)).toBe(reading);
  });
});

describe('the judge of shells takes', () => {
  test.each(['ip=1⟨;cat⟩ /etc/x', 'ip=1⟨|id⟩', 'x=⟨$(whoami⟩)', 'x=⟨`id⟩`', 'x=1⟨&&sleep⟩ 10', 'cmd=⟨ls⟩ -la /', 'x=1⟨;cat⟩${IFS}/etc/x', 'x=⟨;/???/c?t⟩ /etc/x', 'x=1⟨\nid⟩\n', 'x=a⟨;sudo⟩ -u root id', 'x=1⟨;foo⟩ --config /etc/x', 'x=1⟨|usr/bin/id⟩', 'x=1⟨||find⟩ / -perm 4'])('%s', (marked) => {
    expect(takes(shell, marked)).toBe(true);
  });
});

describe('the judge of shells leaves', () => {
  test.each([
    's=tom⟨; cat⟩ food', 's=we sell dogs⟨; cats⟩', 'fields=name⟨|id⟩|sku', 'c=Returns ⟨`true⟩` if it fits', 'c=run ⟨`npm⟩ install` first', 'c=```⟨`sh⟩\nmkdir x', 's=⟨cat⟩ -food', 'sendmail_path=⟨/usr/sbin/sendmail⟩ -t -i', 's=black⟨| find⟩ your size', 's=bed⟨ & find⟩ your size', 'c=I went home⟨\nfind⟩ it here', 's=⟨$(document⟩).ready',
  ])('%s', (marked) => {
    expect(takes(shell, marked)).toBe(false);
  });
});

test('programs are known by their names, with directories, endings and versions', () => {
  expect(['/bin/cat', 'C:\\Windows\\system32\\ipconfig.exe', 'python3.11', 'lamp', 'constructor', '__proto__'].map(commandOf)).toEqual(['short', 'telling', 'telling', undefined, undefined, undefined]);
});

test('wildcards match what they may stand for, and long ones are not tried', () => {
  expect(['c?t', 'p[a]sswd', 'wh*mi', '?z?z?', `${'*a'.repeat(20)}b`, '[', '('].map(globMatches)).toEqual([true, true, true, false, false, false, false]);
});
