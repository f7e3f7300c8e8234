import { stringify } from 'yaml';
import type { Setting, Settings } from '../../contracts/settings.ts';
import { isSetting } from './read.ts';

function valueText(value: unknown): string {
  return stringify(value, { flowCollectionPadding: false, collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

function note(setting: Setting): string {
  switch (setting.kind) {
    case 'integer':
      return ` (${setting.least} to ${setting.most})`;
    case 'text':
      return setting.oneOf === undefined ? '' : ` (${setting.oneOf.join(' | ')})`;
    case 'secret':
      return ' (file:PATH or env:NAME)';
    default:
      return '';
  }
}

/** Every key with its comment and value, as YAML that reads back the same. */
export function printConfig(settings: Settings, config: unknown, indent = ''): string {
  const values: Partial<Record<string, unknown>> = typeof config === 'object' && config !== null ? { ...config } : {};
  return Object.entries(settings)
    .map(([key, part]) => {
      if (!isSetting(part)) return `${indent}${key}:\n${printConfig(part, values[key], `${indent}  `)}`;
      return `${indent}# ${part.comment}${note(part)}\n${indent}${key}: ${valueText(values[key])}\n`;
    })
    .join('');
}
