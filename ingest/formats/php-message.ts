/** A PHP message's own parts: `PHP Fatal error:  Uncaught TypeError: text in /a/b.php:12`. */
export interface PhpMessage {
  readonly level: 'critical' | 'error' | 'warning' | 'notice';
  readonly type: string;
  readonly text: string;
}

const LEVELS: Readonly<Record<string, PhpMessage['level']>> = {
  'Fatal error': 'critical',
  'Recoverable fatal error': 'critical',
  'Catchable fatal error': 'critical',
  'Parse error': 'critical',
  'Core error': 'critical',
  'Compile error': 'critical',
  'Warning': 'warning',
  'Core warning': 'warning',
  'Compile warning': 'warning',
  'Notice': 'notice',
  'Deprecated': 'notice',
  'Strict Standards': 'notice',
  'Unknown error': 'error',
};

const HEAD = /^(?:PHP )?([A-Z][a-z]+(?: [a-zA-Z]+){0,2}):\s{1,4}/;
const UNCAUGHT = /^Uncaught ([A-Za-z_\\][A-Za-z0-9_\\]{0,127})(?::|$| in )/;

/** undefined when the text starts with none of PHP's levels. */
export function parsePhpMessage(line: string): PhpMessage | undefined {
  const head = HEAD.exec(line);
  const level = head?.[1] === undefined ? undefined : LEVELS[head[1]];
  if (head?.[1] === undefined || level === undefined) return undefined;
  const text = line.slice(head[0].length);
  return { level, type: UNCAUGHT.exec(text)?.[1] ?? head[1], text };
}

export interface PhpOrigin {
  readonly path: string;
  readonly line: number;
}

/** What PHP writes behind the file of code that was made at run time; the line is then counted within that code. */
const EVALUATED = /\([0-9]{1,9}\) : (?:eval\(\)'d code|runtime-created function)$/;

/** `… in PATH on line N` or `… in PATH:N` at the end of a line. */
export function originOf(line: string): PhpOrigin | undefined {
  const tail = / on line ([0-9]{1,9})$|:([0-9]{1,9})$/.exec(line.slice(-24));
  if (tail === null) return undefined;
  const pathEnd = line.length - tail[0].length;
  const before = line.lastIndexOf(' in ', pathEnd);
  const path = before < 0 ? '' : line.slice(before + 4, pathEnd).replace(EVALUATED, '');
  return path === '' || path.length > 4096 ? undefined : { path, line: Number(tail[1] ?? tail[2]) };
}
