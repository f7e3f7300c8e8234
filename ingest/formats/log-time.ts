/** Times as logs write them, to RFC 3339 with milliseconds and the log's own offset. */

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    // The comparison also fails for NaN, past the end of the text.
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** `dd?Mon?yyyy?hh:mm:ss` at the start of the text, whatever the separators; undefined when no such time exists. */
function localTime(text: string): { readonly text: string; readonly asUtcMs: number } | undefined {
  const day = digits(text, 0, 2);
  const month = MONTHS.indexOf(text.slice(3, 6)) / 3;
  const year = digits(text, 7, 4);
  const hour = digits(text, 12, 2);
  const minute = digits(text, 15, 2);
  const second = digits(text, 18, 2);
  if (day < 1 || !Number.isInteger(month) || month < 0 || year < 1970 || hour < 0 || minute < 0 || second < 0) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || text[14] !== ':' || text[17] !== ':') return undefined;
  const asUtcMs = Date.UTC(year, month, day, hour, minute, second);
  if (new Date(asUtcMs).getUTCDate() !== day) return undefined;
  return { text: `${year}-${pad(month + 1)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}.000`, asUtcMs };
}

/** `21/Nov/2026:10:11:12 +0100`: 26 characters. */
export function parseClfTime(text: string): string | undefined {
  const local = localTime(text);
  const sign = text[21];
  const hours = digits(text, 22, 2);
  const minutes = digits(text, 24, 2);
  if (local === undefined || text.length !== 26 || (sign !== '+' && sign !== '-')) return undefined;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return `${local.text}${sign}${text.slice(22, 24)}:${text.slice(24, 26)}`;
}

/** `21-Nov-2026 10:11:12 Europe/Berlin`: 20 characters, a space, a zone as PHP's `e` writes it. */
export function parsePhpTime(text: string): string | undefined {
  const local = localTime(text);
  return local === undefined || text[20] !== ' ' ? undefined : inZone(local.text, local.asUtcMs, text.slice(21));
}

/** `21-Nov-2026 10:11:12`, in a zone that the log does not name. */
export function parseLocalTime(text: string, zone: string): string | undefined {
  const local = text.length === 20 ? localTime(text) : undefined;
  return local === undefined ? undefined : inZone(local.text, local.asUtcMs, zone);
}

const MONTH_NAMES = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/;

/** The parts of a date and time, most significant first, the month as number or English abbreviation; in `zone`. */
export function timeOfParts(parts: readonly (string | undefined)[], zone: string): string | undefined {
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts;
  const name = MONTH_NAMES.test(month) ? month : MONTHS.slice(3 * (Number(month) - 1), 3 * Number(month));
  return parseLocalTime(`${day.trim().padStart(2, '0')}-${name}-${year} ${hour}:${minute}:${second}`, zone);
}

const RFC_3339 = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9}))?(Z|[+-][0-9]{2}:?[0-9]{2})$/i;

/** RFC 3339, also without a colon in the offset; to milliseconds. */
export function parseRfc3339(text: string): string | undefined {
  const found = text.length > 40 ? null : RFC_3339.exec(text);
  if (found === null) return undefined;
  const zone = (found[8] ?? '').toUpperCase();
  const whole = timeOfParts(found.slice(1, 7), zone.replace(/^([+-][0-9]{2}):?([0-9]{2})$/, '$1:$2'));
  return whole?.replace('.000', `.${(found[7] ?? '').slice(0, 3).padEnd(3, '0')}`);
}

/** Unix seconds, with or without a fraction, as UTC. */
export function parseUnixSeconds(text: string): string | undefined {
  return /^[0-9]{9,10}(?:\.[0-9]{1,9})?$/.test(text) ? new Date(Math.floor(Number(text) * 1000)).toISOString() : undefined;
}

/** A zone's name as PHP and the system know it, or an offset. */
export function isZone(zone: unknown): zone is string {
  return typeof zone === 'string' && inZone('', 0, zone) !== undefined;
}

function inZone(local: string, asUtcMs: number, zone: string): string | undefined {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return `${local}Z`;
  if (/^[+-](?:0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]$/.test(zone)) return `${local}${zone}`;
  const offset = offsetOf(zone, asUtcMs);
  return offset === undefined ? undefined : `${local}${offset}`;
}

const ZONE = /^[A-Za-z][A-Za-z0-9_+/-]{0,39}$/;
/** A hostile log could name many zones, and each formatter is large. */
const MOST_ZONES = 64;
const zones = new Map<string, Intl.DateTimeFormat | undefined>();

function zoneFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (!ZONE.test(zone)) return undefined;
  if (zones.has(zone)) return zones.get(zone);
  if (zones.size >= MOST_ZONES) zones.clear();
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
  } catch {
    format = undefined;
  }
  zones.set(zone, format);
  return format;
}

function offsetAt(format: Intl.DateTimeFormat, utcMs: number): string {
  const name = format.formatToParts(utcMs).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return name.length >= 9 ? name.slice(3, 9) : '+00:00';
}

function offsetMs(offset: string): number {
  const size = (digits(offset, 1, 2) * 60 + digits(offset, 4, 2)) * 60_000;
  return offset.startsWith('-') ? -size : size;
}

/** The zone's offset at a local time; of the two in a repeated hour, the one that the second look gives. */
function offsetOf(zone: string, localAsUtcMs: number): string | undefined {
  const format = zoneFormat(zone);
  if (format === undefined) return undefined;
  const first = offsetAt(format, localAsUtcMs);
  return offsetAt(format, localAsUtcMs - offsetMs(first));
}
