import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { HTML_JUDGES } from './html.ts';
import { tagAt } from './html-tag.ts';
import { runsAsScript } from './script-url.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

describe('a tag', () => {
  test.each<[string, string, readonly (readonly [string, string | undefined])[]]>([
    ['<img src=x onerror=alert(1)>', 'img', [['src', 'x'], ['onerror', 'alert(1)']]],
    ['<svg/onload=x>', 'svg', [['onload', 'x']]],
    ['<IMG """><b>', 'img', []],
    ["<a href = 'x y' b>", 'a', [['href', 'x y'], ['b', undefined]]],
    ['</script x=1>', 'script', [['x', '1']]],
    ['<x:script src="a">', 'script', [['src', 'a']]],
    ['<scr\0ipt>', 'script', []],
    ['<a title="a>b" href=`x`', 'a', [['title', 'a>b'], ['href', 'x']]],
    ['<p class=\\"a\\" id=\\"b\\">', 'p', [['class', 'a'], ['id', 'b']]],
    ['<img\n/src="x"/\tonerror=y', 'img', [['src', 'x'], ['onerror', 'y']]],
    ['< 3', '', []],
    ['<1', '', []],
    ['<a x="unended', 'a', [['x', 'unended']]],
  ])('%j is read as a browser reads it', (text, name, attributes) => {
    const tag = tagAt(text, 0);
    expect([tag.name, tag.attributes.map((one) => [one.name, one.value])]).toEqual([name, attributes]);
    expect(tag.closes).toBe(text.startsWith('</'));
    for (const { name: attribute, start } of tag.attributes) expect(text.slice(start, start + attribute.length).toLowerCase()).toBe(attribute);
  });
});

test.each([
  ['javascript:x()', true], [' java\tscript:x()', true], ['JAVASCRIPT&colon;x', false], ['vbscript:x', true], ['data:text/html,x', true], ['data:;base64,x', true], ['javascript:void(0)', false], ['javascript:;', false], ['https://x.example/javascript:', false], ['data:image/png;base64,x', false], ['/javascript/x', false],
])('the address %j runs: %s', (url, expected) => {
  expect(runsAsScript(url)).toBe(expected);
});

/** Whether a judge takes the part between the brackets ⟦ and ⟧. */
function takes(judge: string, marked: string, field = 'url.query'): boolean {
  const start = marked.indexOf('⟦');
  const end = marked.indexOf('⟧') - 1;
  return HTML_JUDGES[judge]?.(marked.replace('⟦', '').replace('⟧', ''), { start, end }, field) !== undefined;
}

describe('a judge takes', () => {
  test.each([
    ['html-tag', 'q=⟦<script⟧>x'], ['html-tag', 'q=⟦</script⟧>'], ['html-tag', 'q=⟦<iframe ⟧src=//x>'], ['html-tag', 'q=⟦<a ⟧href=javascript:x()>'], ['html-tag', 'q=⟦<b ⟧style="x:expression(1)">'], ['html-tag', 'q=⟦<svg>⟧'], ['html-tag', 'q=⟦<!--⟧'],
    ['html-handler', 'q=<img src=x⟦ onerror=⟧alert(1)>'], ['html-handler', 'q=x⟦" onfocus=⟧alert(1)'], ['html-handler', 'q=<x y="<"⟦ onclick=⟧z>'], ['html-handler', "q=⟦'onblur=⟧x()"], ['html-handler', 'q=⟦ onload=⟧'],
    ['html-address', 'q=⟦javascript:⟧alert(1)'], ['html-address', 'href="⟦java\nscript:⟧x()"'], ['html-address', 'url(⟦javascript:⟧x()'], ['html-address', 'src=⟦data:text/html⟧,x'],
    ['html-script', "q=';⟦alert(⟧1)//"], ['html-script', 'q=⟦document.cookie⟧'], ['html-script', 'q=⟦eval (⟧"x")'], ['html-script', "q='+⟦confirm`⟧1`"], ['html-script', 'q=⟦[alert]⟧'],
    ['html-breakout', 'q=lamp⟦"><b⟧>'],
  ])('%s: %j', (judge, text) => {
    expect(takes(judge, text)).toBe(true);
  });

  test.each([
    ['html-tag', 'q=⟦< base⟧ plate'], ['html-tag', 'q=⟦<a ⟧href="/x">'], ['html-tag', 'q=⟦<form ⟧action="/x" id="y">'], ['html-tag', '<style a="b">x⟦</style⟧>'], ['html-tag', 'q=⟦<script ⟧type="application/ld+json">'], ['html-tag', '<script type="application/ld+json">{}⟦</script⟧>'],
    ['html-handler', 'q=x⟦ online=⟧1'], ['html-handler', 'use⟦ onclick =⟧ in html'], ['html-handler', '<p data-x="1"⟦ ongoing=⟧"1">'],
    ['html-address', 'q=⟦javascript:⟧ the good parts'], ['html-address', '<a href="⟦javascript:⟧void(0)">'], ['html-address', 'my⟦ javascript:⟧ it fails'],
    ['html-script', 'how do I call ⟦alert(⟧) from here'], ['html-script', 'the ⟦function (⟧main) fails'], ['html-script', 'what is ⟦document.cookie⟧'], ['html-script', 's=is+⟦alert(⟧)+bad'], ['html-script', 'q=⟦open (⟧monday)'],
    ['html-breakout', 'q=<a href="x⟦"><b⟧>'],
  ])('%s does not take %j', (judge, text) => {
    expect(takes(judge, text)).toBe(false);
  });

  test('what editors write only where nobody edits', () => {
    for (const text of ['⟦<form ⟧class=x>', '⟦<iframe ⟧src="https://video.example/embed/1" width="5">', '⟦<svg>⟧', '⟦<!--⟧ x']) expect([takes('html-tag', text), takes('html-tag', text, 'http.request.body.content')]).toEqual([true, false]);
    for (const text of ['⟦<iframe ⟧src=javascript:x()>', '⟦<meta ⟧http-equiv=refresh>', '⟦<iframe ⟧srcdoc="x">', '⟦<object ⟧data=//x>']) expect(takes('html-tag', text, 'http.request.body.content')).toBe(true);
  });
});

const PARTS = ['<', '>', '/', '"', "'", '`', '=', ' ', '\n', '\0', '\\', 'script', 'img', 'onerror', 'on', 'src', 'javascript:', 'alert(', 'x', '&', ':', '<!--', '-->', 'style', 'expression(', '\u00e9', '\ud800', ';', ')'];

test(`any text is judged, twice alike, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  for (let i = 0; i < 2_000; i++) {
    const text = Array.from({ length: random.between(1, 120) }, () => random.pick(PARTS)).join('');
    const start = random.below(text.length);
    const span = { start, end: Math.min(text.length, start + random.between(1, 12)) };
    for (const judge of Object.values(HTML_JUDGES)) {
      const taken = judge(text, span, 'url.query');
      if (taken !== undefined) expect(taken).toEqual(span);
      expect(judge(text, span, 'url.query')).toEqual(taken);
    }
    const tag = tagAt(text, start);
    expect(tag.end).toBeGreaterThan(start);
    expect(tag.attributes.length).toBeLessThanOrEqual(32);
  }
});
