const DAY_MS = 86_400_000;

/** The day that was last asked for, as text with the blank behind it: rows of one time come together, and dates are slow. */
const newest = { day: Number.NaN, text: '' };

const TWO_DIGITS = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));

/** Unix milliseconds as ClickHouse reads a DateTime64(3, 'UTC') from text. */
export function clickhouseTime(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  if (day !== newest.day) {
    newest.text = `${new Date(ms).toISOString().slice(0, 10)} `;
    newest.day = day;
  }
  const rest = Math.floor(ms - day * DAY_MS);
  const second = Math.floor(rest / 1_000);
  const minute = Math.floor(second / 60);
  return `${newest.text}${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}.${String(rest % 1_000).padStart(3, '0')}`;
}

/** Rows of one of the small tables, as JSONEachRow. */
export class JsonRows {
  rows = 0;
  private text = '';

  push(row: Readonly<Record<string, string | number>>): void {
    this.text += `${JSON.stringify(row)}\n`;
    this.rows++;
  }

  data(): Buffer {
    return Buffer.from(this.text);
  }
}
