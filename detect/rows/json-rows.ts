/** Unix milliseconds as ClickHouse reads a DateTime64(3, 'UTC') from text. */
export function clickhouseTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
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
