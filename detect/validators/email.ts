import type { Span, Validator } from './span.ts';

/** Endings of file names that look like an address (icon@2x.png) and are no top-level domains. */
const FILE_ENDINGS = new Set(['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'avif', 'ico', 'css', 'js', 'mjs', 'json', 'php', 'html', 'htm', 'xml', 'woff', 'ttf', 'eot', 'map', 'scss', 'tsx', 'jsx']);

/** The address without what stands before its first letter or digit; none with an empty or hyphen-ended part. */
export const email: Validator = (text: string, span: Span): Span | undefined => {
  const start = span.start + text.slice(span.start, span.end).search(/[A-Za-z0-9@]/);
  const found = text.slice(start, span.end);
  if (found.startsWith('@') || found.includes('@-') || found.includes('..') || found.includes('.@') || found.includes('-.')) return undefined;
  return FILE_ENDINGS.has(found.slice(found.lastIndexOf('.') + 1).toLowerCase()) ? undefined : { start, end: span.end };
};
