import { describe, expect, test } from 'vitest';
import { endOf, startOf } from './view.ts';
import type { View } from './view.ts';
import { hasSigns, signsIn } from './signs.ts';
import { viewsOf } from './views.ts';

const SCRIPT = '<script>alert(1)</script>';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');

/** Name and text of each view but the text itself. */
function further(text: string): readonly (readonly [string, string])[] {
  return viewsOf(text).slice(1).map((view) => [view.name, view.text]);
}

/** What the view's last occurrence of `part` was read from. */
function source(text: string, view: View | undefined, part: string): string {
  if (view === undefined) throw new Error('there is no such view');
  const at = view.text.lastIndexOf(part);
  return text.slice(startOf(view, at), endOf(view, at + part.length));
}

describe('a text has the views', () => {
  test.each<[string, ...[string, string][]]>([
    ['plain text, "quotes" & <signs> 100% a*b #1'],
    ['a%3Cb', ['percent', 'a<b']],
    ['a+b', ['percent', 'a b']],
    ['2026-11-21T04:13:26+01:00'],
    ['a%20at+01:00', ['percent', 'a at 01:00']],
    ['1%2B1+1', ['percent', '1+1 1']],
    ['%253Cb', ['percent', '%3Cb'], ['percent2', '<b']],
    ['%25253Cb', ['percent', '%253Cb'], ['percent2', '%3Cb'], ['percent3', '<b']],
    ['%2525253Cb', ['percent', '%25253Cb'], ['percent2', '%253Cb'], ['percent3', '%3Cb']],
    ['%c0%ae%e0%80%af%f0%80%80%bc', ['percent', './<']],
    ['caf%c3%a9 %e9 %ff%fe', ['percent', 'caf\u00e9 \u00e9 \u00ff\u00fe']],
    ['%ed%a0%80', ['percent>unicode', '\u00ed \u0080']],
    ['%u003cscript%U003E', ['percent', '<script>']],
    ['%uff1cb', ['percent>unicode', '<b']],
    ['%zz %4 %u12'],
    ['&lt;b&#62;&#x3c;&#0000060;&LT&gt', ['html', '<b><<<>']],
    ['&ltscript&ampx;', ['html', '<script&x;']],
    ['a&b=1&copy=2&sol=3&colon'],
    ['java&Tab;script&colon;', ['html', 'java\tscript:'], ['html>sql', 'java script:']],
    ['&#0;&#x110000;&#55296;&#12345678;'],
    ['%26lt%3Bb', ['percent>html', '<b']],
    ['&#37;3Cb', ['html', '%3Cb'], ['html>percent', '<b']],
    ['\\u003cb\\x3e\\74\\u{3c}', ['json', '<b><<']],
    ['\\\\u003cb', ['json', '\\u003cb'], ['json2', '<b']],
    ['c:\\windows\\new', ['json', 'c:windows\new'], ['json>sql', 'c:windows ew']],
    ['\\u{110000}\\xzz\\', ['json', 'u{110000}xzz\\']],
    ['\uff1cscript\uff1e\u2019\ufe64\u{1d42c}\u{e0041}', ['unicode', "<script>'<sA"]],
    ['sc\u200bript\u00ad', ['unicode', 'script']],
    ['\u00e9\u4e2d\u{1f600}'],
    [`q=${base64(SCRIPT)}&a=1`, ['base64', `q=${SCRIPT}&a=1`]],
    [`q=${Buffer.from(`${SCRIPT}??>>`).toString('base64url')}`, ['base64', `q=${SCRIPT}??>>`]],
    [`/x-y/${base64('a text of words').replace(/=+$/, '')}/z`, ['base64', '/x-y/a text of words/z']],
    [base64(base64(SCRIPT)), ['base64', base64(SCRIPT)], ['base642', SCRIPT]],
    [encodeURIComponent(base64(`${SCRIPT}~~~~`)), ['percent', base64(`${SCRIPT}~~~~`)], ['percent>base64', `${SCRIPT}~~~~`]],
    [`%20${base64(SCRIPT)}%3D`, ['percent', ` ${base64(SCRIPT)}=`], ['percent>base64', ` ${SCRIPT}=`]],
    [base64('%3Cscript%3E and words'), ['base64', '%3Cscript%3E and words'], ['base64>percent', '<script> and words']],
    ['get_refreshed_fragments /wp-content/themes/storefront/assets d41d8cd98f00b204e9800998ecf8427e'],
    ['4111111111111111'],
    [`0x${hex('admin')},0X${hex('root')}`, ['hex', 'admin,root']],
    [`v=${hex('select user from')}`, ['hex', 'v=select user from']],
    [`0x${hex('a')}1`],
    ['1/**/union/*x*/select', ['sql', '1 union select']],
    ['1 /*!50000union*/ /*!select*/ 1', ['sql', '1 union select 1']],
    ['1--x\nunion#y\r\nselect\t 1', ['sql', '1 union select 1']],
    ['1%0aunion%a0%0bselect', ['percent>unicode', '1\nunion \u000bselect'], ['percent>unicode>sql', '1 union select']],
    ['a  b', ['sql', 'a b']],
    ['text/*, a/*b -- c # d'],
  ])('%j', (text, ...expected) => {
    expect(further(text)).toEqual(expected);
    expect(viewsOf(text)[0]).toEqual({ text, origin: undefined, name: '', escaped: false });
    if (expected.length > 0) expect([hasSigns(text), signsIn(text).length > 0]).toEqual([true, true]);
  });
});

describe('the way back', () => {
  const ENCODED = base64('card 4111111111111111 of jane');
  test.each([
    ['a%34%31 b', '41', '%34%31'],
    ['a%2534%2531 b', '41', '%2534%2531'],
    ['a%c0%ae b', '.', '%c0%ae'],
    ['a&#52;&#x31; b', '41', '&#52;&#x31;'],
    ['\\u0034\\x31 b', '41', '\\u0034\\x31'],
    ['a\uff14\u200b1 b', '41', '\uff14\u200b1'],
    [`q=${ENCODED}&x`, '4111111111111111', ENCODED],
    [`q=${encodeURIComponent(`${base64('the number 4111')}`)}.`, '4111', encodeURIComponent(base64('the number 4111'))],
    [`0x${hex('number 41')} b`, 'mber', `0x${hex('number 41')}`],
    ['x 4111/**/1111 b', '4111 1111', '4111/**/1111'],
    ['x 41%f0%9f%98%80 b', '\ud83d', '%f0%9f%98%80'],
  ])('in %j leads from %j to all it was read from', (text, part, expected) => {
    expect(source(text, viewsOf(text).findLast((view) => view.text.includes(part)), part)).toBe(expected);
  });

  test('says which views undid an escape', () => {
    expect(viewsOf('a+b%2541').map((view) => view.escaped)).toEqual([false, true, true]);
    expect(viewsOf('a+b  c').map((view) => view.escaped)).toEqual([false, false, false]);
  });
});

test('a text made to have many views has at most ten further ones, none longer than itself', () => {
  const deep = (text: string, encode: (part: string) => string): string => Array.from({ length: 5 }).reduce<string>(encode, text);
  const percent = (part: string): string => part.replaceAll(/[%&\\/*]/g, encodeURIComponent);
  const hostile = [deep('%41', (part) => part.replaceAll('%', '%25')), deep('\\x41', (part) => part.replaceAll('\\', '\\\\')), deep(SCRIPT, base64), deep('&lt;', (part) => part.replaceAll('&', '&amp;')), deep(`\\\\&amp;${base64(percent('\\\\x41&lt;/**/'))}`, percent), '/**/'].join(' ');
  const views = viewsOf(hostile);
  expect(views).toHaveLength(11);
  for (const view of views) {
    expect(view.text.length).toBeLessThanOrEqual(hostile.length);
    expect(Buffer.byteLength(view.text)).toBeLessThanOrEqual(Buffer.byteLength(hostile));
  }
});

test('of a long text only what it is after all rounds, and that as SQL, is a view', () => {
  const long = `${'x.'.repeat(4_100)}%2541&lt;\\x41/**/1`;
  expect(viewsOf(long).map((view) => [view.name, view.text.slice(8_200)])).toEqual([['', '%2541&lt;\\x41/**/1'], ['percent>html>json>percent', 'A<A/**/1'], ['percent>html>json>percent>sql', 'A<A 1']]);
  expect(viewsOf(long.slice(60)).length).toBeGreaterThan(3);
});

test.each(['/*', '*/', '#', '--', '&', '&#', '%', '%4', '\\', 'A', '0x', '&#x', '&ltx', '/*!', '\u00a0', ' ', '%f0', 'PD'])('a long row of %j is read in linear time', (part) => {
  const text = part.repeat(60_000);
  expect(viewsOf(`${text}\n`).every((view) => view.text.length <= text.length + 1)).toBe(true);
});
