import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { CARRIED } from './carried.ts';

/** One signature as a pack's file states it. */
interface Stated {
  readonly id: string;
  readonly class: string;
  readonly pattern: string;
  readonly caseSensitive?: boolean;
  readonly context?: { readonly words: readonly string[]; readonly before?: number; readonly after?: number };
  readonly validator?: string | readonly string[];
  readonly mask?: string;
}

const packs = new URL('../../../detect/packs/', import.meta.url);
const lexicons = new URL('../../../detect/validators/health/', import.meta.url);
/** What is made, committed. */
export const PATTERNS_FILE = new URL('../plugin/src/Classify/patterns.php', import.meta.url);

/** Classes whose values name one person; other values many people share, or nobody may hold a token of. */
const NAMING = /^(?:pii\.(?:email|phone|us_ssn|national_id|passport|driver_licence)|fin\.(?:iban|bank_account)|phi\.(?:mrn|insurance_id))$/;
/** Units before and behind a value in which a context word stands, as `contracts/pack.ts` says. */
const BEFORE = 48;

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function delimited(pattern: string, flags: string): string {
  return `/${pattern.replaceAll('\\/', '/').replaceAll('/', '\\/')}/${flags}`;
}

function isStated(value: unknown): value is Stated {
  return typeof value === 'object' && value !== null && 'id' in value && 'class' in value && 'pattern' in value;
}

function stated(): readonly Stated[] {
  const files = readdirSync(packs).filter((name) => name.endsWith('.yaml'));
  const found = files.flatMap((name): unknown => parse(readFileSync(new URL(name, packs), 'utf8')));
  const byId = new Map(found.filter(isStated).map((signature) => [signature.id, signature]));
  return CARRIED.map((name) => {
    const signature = byId.get(`tourniquet.${name}`);
    if (signature === undefined) throw new Error(`no pack has a signature tourniquet.${name}: change carried.ts`);
    return signature;
  });
}

function row(signature: Stated): string {
  const { id, class: dataClass, pattern, caseSensitive, context, validator = [], mask } = signature;
  const words = context === undefined ? '' : delimited(`(?<![a-z])(?:${context.words.map((word) => word.replaceAll(' ', '[ _-]?')).join('|')})(?![a-z])`, 'i');
  const cells = [
    quoted(id.replace('tourniquet.', '')),
    quoted(dataClass),
    quoted(NAMING.test(dataClass) && mask !== 'text' ? (mask ?? '') : ''),
    quoted(delimited(pattern, caseSensitive === true ? '' : 'i')),
    quoted(words),
    String(context?.before ?? BEFORE),
    String(context?.after ?? 0),
    `[${[validator].flat().map(quoted).join(', ')}]`,
  ];
  return `        [${cells.join(', ')}],`;
}

/** What stands between two marks in a source, undefined when it is not there. */
function listed(text: string, shape: RegExp): readonly string[] {
  return Array.from((shape.exec(text)?.[1] ?? '').matchAll(/'([^']+)'/g), ([, term = '']) => term);
}

function spaced(term: string): string {
  return term.replaceAll(' ', '[ -]');
}

const lexicon = readFileSync(new URL('lexicon.ts', lexicons), 'utf8');
/** Terms that are everyday words unless in capitals. */
const CAPITALS = new Set(listed(lexicon, /IN_CAPITALS = new Set\(\[([^\]]*)\]/));
/** Words that make no name of the word behind them. */
const LINKS = listed(lexicon, /LINKS = new Set\(\[([^\]]*)\]/);

/** Beginnings of the SHA-256 of keys that manuals show to everybody. */
function shownKeys(): readonly string[] {
  return listed(readFileSync(new URL('../../../detect/validators/secrets/placeholder.ts', import.meta.url), 'utf8'), /SHOWN_TO_ALL[^[]*\[([^\]]*)\]/);
}

/** The terms of a lexicon, words that end like one, and a word before a head ("Huntington disease"), over text without accents. */
function terms(file: string): string {
  const source = readFileSync(new URL(file, lexicons), 'utf8');
  const [, list, endings = '', except, heads = ''] = /termsOf\(`([^`]*)`,\s*(\[[^\]]*\]),\s*\/(.*)\/,\s*(\[[^\]]*\])\)/.exec(source) ?? [];
  if (list === undefined || except === undefined) throw new Error(`${file} holds no terms`);
  const all = [...new Set(list.split(',').map((term) => term.trim()).filter((term) => /^[a-z0-9 -]{2,}$/.test(term)))];
  const longestFirst = all.filter((term) => !CAPITALS.has(term)).toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const forms = [
    longestFirst.map(spaced).join('|'),
    `(?-i:${all.filter((term) => CAPITALS.has(term)).map((term) => term.toUpperCase()).join('|')})`,
    `(?=[a-z]{7,40}(?![a-z]))(?!(?:${except.replaceAll('^', '').replaceAll('$', '(?![a-z])')}))[a-z]{3,36}(?:${listed(endings, /(.*)/s).join('|')})(?:s|es|en)?`,
    ...(listed(heads, /(.*)/s).length === 0 ? [] : [`(?!(?:${LINKS.join('|')})[ -])[a-z]{3,30}[ -](?:${listed(heads, /(.*)/s).join('|')})`]),
  ];
  return delimited(`(?<![A-Za-z0-9])(?:${forms.join('|')})(?![A-Za-z0-9])`, 'i');
}

export function patternsPhp(): string {
  return [
    '<?php',
    '',
    '// Made by ingest/wordpress/classify/make-patterns.ts out of the shipped packs; change these.',
    '// phpcs:ignoreFile',
    '',
    'declare(strict_types=1);',
    '',
    'return [',
    "    // Id, class, kind of identifier, pattern, pattern of context words, bytes before and behind for these, validators.",
    "    'signatures' => [",
    ...stated().map(row),
    '    ],',
    `    'conditions' => ${quoted(terms('conditions.ts'))},`,
    `    'shown' => [${shownKeys().map(quoted).join(', ')}],`,
    `    'medicines' => ${quoted(terms('medicines.ts'))},`,
    '];',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PATTERNS_FILE, patternsPhp());
