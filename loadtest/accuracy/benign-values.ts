import type { Random } from '../../contracts/seeded-random.ts';
import { requestLine, valueLine } from './web-events.ts';

/** Words of shops, forms and questions; slots are filled from them, so that look-alikes meet in many ways. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  name: ["O'Neil", "D'Angelo", "O'Connor-Smith", 'Jean-Luc', "L'Oréal", 'Müller & Söhne', "Sinead O'Brien", 'Ana María', 'van der Berg', 'Smith, Jr.', "M'Benga", 'Zoë', "d'Arc", 'Nguyễn', 'Or Cohen', 'Union Jackson', 'Drop Dead Ltd.', 'Andy And Sons', 'Null', 'True Religion'],
  thing: ['lamp', 'table runner', 'drop leaf table', 'shower curtain', 'phone case', "men's shirt", "women's coats", 'union jack mug', 'select committee dvd', 'script font', 'group set', 'order pad', 'insert sleeve', 'update kit', 'where is waldo', 'alert (new)', 'onload bag', 'database book', 'javascript book', 'frame', 'body lotion', 'style guide', 'base plate', 'link bracelet', 'form roller', 'title deed', 'html t-shirt', 'sleep mask', 'benchmark set', 'case 13"', 'meta quest', 'object lens', 'embed beads', 'marquee tent', 'svg cut file', 'having fun print', 'limit switch', 'like new jacket', 'null modem', 'char grill', 'hex key', 'max shoe', 'sum puzzle'],
  colour: ['red', 'blue', 'off-white', '#ff00aa', 'rgb(10, 20, 30)', 'rgba(0,0,0,.5)', 'black and white', 'red or green', 'teal & gold'],
  size: ['5\'6"', "4' x 8'", '10 x 12 inches', '2 3/4"', '16" x 12.75" x 4"', '1/4"-1/2"', 'M', 'XXL', '36 (7/8 inch)', '10 or 12', '3-4 years', '1 and 1/2"', '5 and a quarter by 8', "5' or 6'", '20"x30"', '8.5x11"', '70"', "1950's", "60's", "12' - 14'"],
  join: [' and ', ' or ', ' & ', ' + ', ' - ', ', ', ' / ', ' with ', ' vs. ', ' x ', ' -- ', '; ', ' = ', ' < ', ' > ', ' in ', ' like '],
  question: [
    'how do I use onclick in html?', 'what does SELECT * FROM users do', 'how to drop table in mysql', 'union all vs union sql', 'when to use order by and group by', "why is it 'or 1' in my formula?", 'can I use <b>bold</b> here?', 'is alert() bad style?', 'how to write a script tag', 'what is document.cookie', 'sql case when example', 'insert into select tutorial',
    'select top 10 sql server', "what's the difference between ' and \" in php", 'how do I escape O\'Reilly in a query', 'what is information_schema in mysql', 'mysql sleep function', 'is char(10) a line feed?', 'javascript: the good parts', 'learn sql in 10 minutes (sams)', 'where 2 of 3 agree', 'delete from cart does not work', 'update set of 3 to set of 4?', 'I ordered 2, and 1 was broken', 'does it fit 5 and 6?', 'is 1 = 1 kg or 1 lb?', 'is 5 > 3 in this game?', 'if x = 5 and y = 6 what is z', 'my order (no. 5 or 6?) is late', "they're -- honestly -- great", "it's 5' or 6' tall", 'what does the function (main) do', 'use open (monday) or closed', 'is eval (of products) open', 'how to print (a4)?', 'prompt (50 words) please', 'confirm (by mail) please', 'where is the on/off = switch?', 'the union selected a new leader', 'credit union select savings', 'is there a having class on sql', 'limit 5 per person', 'order by 12 december please', 'sort order by price', 'create user account', 'create table tennis account', 'execute my will', 'declare customs', 'set of 4; select a colour', 'stop; drop by the shop', 'can I select (2) of them', 'toppings (select 2)', 'please select one from the list', 'select a size from the chart', 'you can insert into the slot', 'wait for delay of train', 'load data sheet', 'grant me access', 'what is the exec chair', 'null and void', 'true or false quiz', 'not null rings', 'is like new', 'between 5 and 10 euros', 'a script: act 1',
  ],
  sentence: [
    "I'd like to return it, please; it doesn't fit.", "Don't ring the bell -- baby's asleep!", 'Leave it at 12 or 14, whichever is open.', "Great product, 5/5! I'll order again & again.", 'Il a dit "oui" ou "non" -- peu importe.', "C'est l'union de l'or et de l'argent.", "L'été, j'adore; d'où l'idée.", 'Größe 38 oder 40? Bitte Größe "M" (wie Bild).', '¿Tienen la talla 5 o 6? (rojo)', "The label says 'keep dry' and 'this side up'.", 'He said "drop it", and I selected another.', 'Price: $5 + $3 = $8; is 8 > 7?', 'a^2 + b^2 = c^2 (and so on)', 'x = 5; y = 6; x < y', 'if (a > b) then buy', 'f(x) = max(3, x) * 2', 'Call me at (555) 555-0100 or 555-0101', 'The size is 10" -- not 12"', "Our kids' and parents' favourite", 'A/B; 1/2; 3|4', 'email me @ shop', '50% off + 10% = 60%?', 'Order #1234 (2 items) -- where is it?', 'I <3 this!!! :-)', '<3 <3 <3', '-> see the page ->', '[b]bold[/b] [url=https://shop.example]x[/url]', '**bold** and `code` and _more_', '> quoted\n\nanswer', '1) first\n2) second; and 3) third', "rock 'n' roll or jazz", "fish 'n' chips' taste", 'my password has a " and a \' in it', 'see "Terms" (section 5) or \'Privacy\'', "it's 'fine' = ok", 'O(n) or O(1)?', 'the variable @home', 'ID: 5; type: A', "Rock'n'Roll; 'live' -- 1950",
  ],
  path: ['/shop/', '/checkout/', '/product/lamp/', '/product/select-committee/', '/wp-admin/admin-ajax.php', '/wp-json/wc/store/v1/cart', '/wp-json/wp/v2/posts/12', '/product-category/union-jack/', '/wiki/Union_(set_theory)', '/blog/how-to-drop-a-table(2)/'],
  html: [
    '<p class="has-text-color">{sentence}</p>', '<a href="https://shop.example{path}" title="{thing}" target="_blank" rel="noopener">{thing}</a>', '<img src="/wp-content/uploads/{n}.jpg" alt="{thing}" width="{n}" class="alignleft size-full">', '<b>{thing}</b>{join}<i>{colour}</i><br />', '<ul><li>{sentence}</li><li>{size}</li></ul>', '<table class="t"><tr><td style="color: red; width: 50%">{size}</td></tr></table>', '<h2 style="text-align:center">{question}</h2>', '<iframe src="https://www.youtube.com/embed/{token}" width="560" height="315" allowfullscreen title="{thing}"></iframe>', '<span data-id="{n}" data-online="1">{sentence}</span>', '<blockquote>{sentence} -- {name}</blockquote>', "<div class='box' id='x{n}'>{sentence}</div>", '<a href="mailto:shop@shop.example?subject={thing}">{name}</a>', '<a href="#top">{thing}</a> <!--more-->', '<video controls src="https://shop.example/{n}.mp4"></video>', '<form class="search" action="/" method="get"><input name="s" type="search" placeholder="{thing}"></form>', '<style>.box{color:#fff;background:url(/a.png)}@media (max-width: 600px) and (min-width: 5px){.x{width:calc(100% - 20px)}}</style>', '<svg viewBox="0 0 24 24"><path d="M12 2L2 7l10 5"/></svg>', '<script type="application/ld+json">{"@context":"https://schema.org","name":"{thing}"}</script>', '<button class="wp-block-button__link" type="button">{thing}</button>', '<pre><code>if (a &lt; b &amp;&amp; b &gt; c) { return "x"; }</code></pre>',
  ],
};

type Kind = 'search' | 'form' | 'comment' | 'editor' | 'blocks' | 'rest' | 'tracking' | 'filter' | 'cookie' | 'note' | 'agent' | 'referrer';

export interface BenignLine {
  readonly kind: Kind;
  readonly line: string;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const BASE64 = `${ALPHABET}+/`;

function letters(random: Random, count: number, alphabet = ALPHABET): string {
  return Array.from({ length: count }, () => alphabet.charAt(random.below(alphabet.length))).join('');
}

/** A template with its slots filled, at most three deep. */
function filled(random: Random, template: string, depth = 0): string {
  return template.replaceAll(/\{(\w+)\}/g, (slot, name: string) => {
    if (name === 'n') return String(random.below(99_999));
    if (name === 'token') return letters(random, 11);
    const choices = WORDS[name];
    return choices === undefined || depth > 2 ? slot : filled(random, random.pick(choices), depth + 1);
  });
}

const SEARCHES = ['{thing}', '{thing}{join}{thing}', '"{thing}"{join}"{thing}"', '{size} {thing}', '{thing} {size}', '{question}', '{name} {thing}', "'{thing}'", '{thing} ({colour})', '-{thing} -{colour} "{thing}"', '{thing} {colour}{join}{colour}', '"{thing}" -{colour} OR {thing}', '{size}{join}{size} {thing}', 'sku:{n} OR sku:{n}', '{thing}* AND "{colour}"', '{n} {thing}{join}{n} {thing}', '({thing}, {thing}) {colour}'];
const FILTERS = ['min_price=5&max_price=500&orderby=price-desc', 'filter_color=red,blue&query_type_color=or', 'rating_filter=5,4&orderby=date&order=asc', 'price[min]=1&price[max]=10', 'attribute_pa_size=10-or-12&variation_id={n}', 'q=price>10 and size=3', 'range=10..20&sort=name', 'x=1&y=2&z=(3)', 'include[]=1&include[]=2', 'd=2026-11-20T10:00:00+01:00', 'date=2026-11-20 10:00:00', 'coords=48.137,-11.576', 'callback=jQuery{n}_{n}&_={n}', 'fields=id,name,count(items)', '$select=name&$filter=price gt 5', 'tab=description#reviews', 'width=calc(100% - 20px)', 'bg=rgba(0,0,0,0.5)', 'expr=2*(3+4)', 'page=1&per_page=100&search={thing}', 'state={token}&scope=openid profile', 'return_url=https://shop.example/?a=1&b=2', 'list=a|b|c', 'ids=1;2;3', 'v=1.2.3-beta+4', 'name=select&type=option', 'template=base&style=default', 'action=update&object=user', 'layer=background&frame=3'];
const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'WordPress/6.1.9; https://shop.example', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', 'Dalvik/2.1.0 (Linux; U; Android 14; SM-S911B Build/UP1A)', "Bob's Reader 1.0 (and more)"];

function blocks(random: Random): string {
  const block = (name: string, html: string, attributes = ''): string => `<!-- wp:${name}${attributes} -->\n${html}\n<!-- /wp:${name} -->`;
  return Array.from({ length: random.between(1, 4) }, () => random.pick([
    block('paragraph', filled(random, '<p>{sentence}</p>'), ' {"align":"center","style":{"color":{"text":"#123456"}}}'), block('heading', filled(random, '<h2 class="wp-block-heading">{question}</h2>'), ' {"level":2}'), block('image', filled(random, '<figure class="wp-block-image"><img src="https://shop.example/{n}.jpg" alt="{thing}"/></figure>'), ' {"id":12,"sizeSlug":"large"}'),
    block('list', filled(random, '<ul><li>{sentence}</li><li>{thing}</li></ul>')), block('quote', filled(random, '<blockquote class="wp-block-quote"><p>{sentence}</p><cite>{name}</cite></blockquote>')), block('buttons', filled(random, '<div class="wp-block-buttons"><a class="wp-block-button__link" href="{path}">{thing}</a></div>')), block('shortcode', filled(random, '[gallery ids="1,2,{n}" link="file"]')), block('html', filled(random, '{html}')),
  ])).join('\n\n');
}

function restBody(random: Random): unknown {
  const fill = (template: string): string => filled(random, template);
  return random.pick([
    () => ({ title: fill('{thing} {size}'), content: blocks(random), status: 'publish', meta: { note: fill('{sentence}') } }),
    () => ({ name: fill('{thing} {size}'), type: 'simple', regular_price: '21.99', description: fill('{html}{html}'), short_description: fill('{sentence}'), categories: [{ id: random.below(99) }], attributes: [{ name: 'Size', options: [fill('{size}'), fill('{size}')], visible: true }] }),
    () => ({ billing: { first_name: fill('{name}'), address_1: fill('{n} Union St. #4'), company: fill('{name}'), email: 'a@shop.example' }, line_items: [{ product_id: random.below(900), quantity: 2 }], customer_note: fill('{sentence}'), meta_data: [{ key: 'operator', value: 'AND' }, { key: 'select', value: fill('{size}') }] }),
    () => ({ operator: 'OR', conditions: [{ field: 'price', compare: '>', value: '10' }, { field: 'name', compare: 'LIKE', value: fill('{thing}') }], order: 'desc', limit: 10 }),
    () => ({ query: fill('query { products(first: 10, where: {search: "{thing}"}) { nodes { id name } } }') }),
    () => ({ data: `data:image/png;base64,${letters(random, 120, BASE64)}=`, css: '.a{color:red;width:calc(1px + 2px)}', text: fill('{sentence}') }),
    () => ({ requests: [{ method: 'POST', path: '/wc/store/v1/cart/add-item', body: { id: random.below(999), quantity: 1 } }], text: fill('{question}') }),
  ])();
}

const HEADERS = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', Host: 'shop.example' };

const MAKERS: readonly (readonly [Kind, (random: Random) => string])[] = [
  ['search', (random) => valueLine('s', filled(random, random.pick(SEARCHES)))],
  ['search', (random) => requestLine({ method: 'GET', uri: `/?s=${encodeURIComponent(filled(random, random.pick(SEARCHES))).replaceAll('%20', '+')}&post_type=product`, headers: HEADERS, body: null })],
  ['form', (random) => valueLine(random.pick(['billing_last_name', 'company', 'subject', 'display_name', 'product_title']), filled(random, random.pick(['{name}', '{name} & {name}', '{thing} {size}', '{thing}{join}{thing}', '{size}'])), 'body')],
  ['comment', (random) => valueLine('comment', filled(random, random.pick(['{sentence}', '{sentence} {sentence}', '{question}', '{sentence} {question} {sentence}', '{html} {sentence}'])), 'body')],
  ['editor', (random) => valueLine('content', filled(random, '{html}\n{html} {sentence} {html}'), 'body')],
  ['blocks', (random) => requestLine({ method: 'POST', uri: '/wp-json/wp/v2/posts/12?_locale=user', headers: { ...HEADERS, 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 12, content: blocks(random) }) })],
  ['rest', (random) => requestLine({ method: 'POST', uri: '/wp-json/wc/v3/products', headers: { ...HEADERS, 'Content-Type': 'application/json' }, body: JSON.stringify(restBody(random)) })],
  ['tracking', (random) => requestLine({ method: 'GET', uri: `/?utm_source=news&utm_campaign=${encodeURIComponent(filled(random, '{thing}{join}{colour}'))}&gclid=${letters(random, 60)}_-${letters(random, 12)}&fbclid=IwAR${letters(random, 56)}&_ga=2.${random.digits(9)}.${random.digits(10)}&sig=${encodeURIComponent(letters(random, 43, BASE64))}%3D`, headers: HEADERS, body: null })],
  ['filter', (random) => requestLine({ method: 'GET', uri: `${random.pick(WORDS['path'] ?? ['/'])}?${encodeURI(filled(random, random.pick(FILTERS)))}`, headers: HEADERS, body: null })],
  ['cookie', (random) => requestLine({ method: 'GET', uri: '/cart/', headers: { ...HEADERS, Cookie: `wordpress_test_cookie=WP%20Cookie%20check; woocommerce_cart_hash=${letters(random, 32)}; wp_woocommerce_session_${letters(random, 8)}=${random.digits(2)}%7C%7C${random.digits(10)}%7C%7C${letters(random, 32)}; sbjs_current=typ%3Dtypein%7C%7C%7Csrc%3D%28direct%29%7C%7C%7Cmdm%3D%28none%29%7C%7C%7Ccmp%3D%28none%29; prefs=${encodeURIComponent(JSON.stringify({ q: filled(random, '{thing}'), v: [1, 2] }))}` }, body: null })],
  ['note', (random) => JSON.stringify({ '@timestamp': '2026-11-20T10:00:00.000Z', event: { kind: 'event', category: ['database'], action: 'order-updated' }, woocommerce: { order: { id: random.below(90_000), note: filled(random, '{sentence} {question}') } }, wordpress: { comment: { content: filled(random, '{sentence} {html}') } } })],
  ['agent', (random) => requestLine({ method: 'GET', uri: '/', headers: { ...HEADERS, 'User-Agent': random.pick(AGENTS), 'If-None-Match': `W/"${letters(random, 16)}"`, Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }, body: null })],
  ['referrer', (random) => requestLine({ method: 'GET', uri: random.pick(WORDS['path'] ?? ['/']), headers: { ...HEADERS, Referer: `https://www.search.example/search?q=${encodeURIComponent(filled(random, random.pick(SEARCHES)))}&oq=${encodeURIComponent(filled(random, '{thing}'))}&sourceid=x` }, body: null })],
];

/** Lines without an attack that hold what attacks are made of; all different. */
export function benignLines(random: Random, count: number): readonly BenignLine[] {
  const lines = new Map<string, Kind>();
  for (let tries = 0; lines.size < count && tries < count * 20; tries++) {
    const [kind, make] = random.pick(MAKERS);
    lines.set(make(random), kind);
  }
  return Array.from(lines, ([line, kind]) => ({ kind, line }));
}
