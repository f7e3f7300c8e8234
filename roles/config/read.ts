import { existsSync, readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node, ParsedNode } from 'yaml';
import type { ConfigOf, Setting, Settings } from '../../contracts/settings.ts';
import { suggestion } from './problems.ts';

/** Every problem of a configuration at once, each with its place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  ${p}`).join('\n')}`);
    this.problems = problems;
  }
}

interface Reading {
  readonly problems: string[];
  place(node: Node | null | undefined): string;
}

export function isSetting(value: Setting | Settings): value is Setting {
  return typeof value['kind'] === 'string';
}

function secretProblem(reference: string): string | undefined {
  if (reference === '') return undefined;
  if (reference.startsWith('env:')) return process.env[reference.slice(4)] ? undefined : `the environment has no ${reference.slice(4)}`;
  if (reference.startsWith('file:')) return existsSync(reference.slice(5)) ? undefined : `there is no file ${reference.slice(5)}`;
  return 'must be a reference, "file:PATH" or "env:NAME", never the secret itself';
}

/** The secret a checked reference stands for, without the line feed at its end; undefined for the empty reference. */
export function readSecret(reference: string): string | undefined {
  if (reference.startsWith('env:')) return process.env[reference.slice(4)];
  if (reference.startsWith('file:')) return readFileSync(reference.slice(5), 'utf8').trimEnd();
  return undefined;
}

function valueProblem(setting: Setting, value: unknown): string | undefined {
  switch (setting.kind) {
    case 'text':
      if (typeof value !== 'string') return 'must be text';
      return setting.oneOf === undefined || setting.oneOf.includes(value) ? undefined : `must be one of ${setting.oneOf.join(', ')}.${suggestion(value, setting.oneOf)}`;
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= setting.least && value <= setting.most ? undefined : `must be a whole number from ${setting.least} to ${setting.most}`;
    case 'switch':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'list':
      return Array.isArray(value) && value.every((v) => typeof v === 'string') ? undefined : 'must be a list of texts';
    case 'secret':
      return typeof value === 'string' ? secretProblem(value) : 'must be a reference, "file:PATH" or "env:NAME"';
    default:
      return setting satisfies never;
  }
}

function readSetting(setting: Setting, path: string, node: ParsedNode | null | undefined, reading: Reading): unknown {
  if (node === null || node === undefined) return setting.default;
  const value: unknown = isScalar(node) || isSeq(node) ? node.toJSON() : undefined;
  const problem = valueProblem(setting, value);
  if (problem === undefined) return value;
  reading.problems.push(`${reading.place(node)}: ${path} ${problem}`);
  return setting.default;
}

function readSection(settings: Settings, path: string, node: ParsedNode | null | undefined, reading: Reading): unknown {
  if (node !== null && node !== undefined && !isMap(node) && !(isScalar(node) && node.value === null)) {
    reading.problems.push(`${reading.place(node)}: ${path === '' ? 'the file' : path} must be a map of keys`);
    return readSection(settings, path, null, reading);
  }
  const items = isMap(node) ? node.items : [];
  for (const item of items) {
    const key = String(isScalar(item.key) ? item.key.value : item.key);
    if (!Object.hasOwn(settings, key)) reading.problems.push(`${reading.place(item.key as Node)}: there is no key "${path === '' ? '' : `${path}.`}${key}".${suggestion(key, Object.keys(settings))}`);
  }
  const entries = Object.entries(settings).map(([key, part]) => {
    const at = path === '' ? key : `${path}.${key}`;
    const found = items.find((item) => isScalar(item.key) && item.key.value === key);
    // A parsed document holds parsed nodes only.
    const child = found?.value as ParsedNode | null | undefined;
    return [key, isSetting(part) ? readSetting(part, at, child, reading) : readSection(part, at, child, reading)];
  });
  return Object.freeze(Object.fromEntries(entries));
}

/**
 * Reads YAML against the settings: defaults filled in, frozen. Throws `ConfigError` with all problems; `file` only names
 * the place.
 */
export function readConfig<S extends Settings>(settings: S, text: string, file: string): ConfigOf<S> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (node: Node | null | undefined): string => {
    const at = lines.linePos(node?.range?.[0] ?? 0);
    return `${file}:${at.line}:${at.col}`;
  };
  const problems = document.errors.map((e) => `${file}:${e.linePos?.[0].line ?? 1}:${e.linePos?.[0].col ?? 1}: ${e.message.split('\n')[0] ?? ''}`);
  if (problems.length > 0) throw new ConfigError(problems);
  const reading: Reading = { problems, place };
  const config = readSection(settings, '', document.contents, reading);
  if (problems.length > 0) throw new ConfigError(problems);
  // readSection builds exactly the shape that ConfigOf describes.
  return config as ConfigOf<S>;
}
