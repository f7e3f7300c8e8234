/** The second that was last asked for: times come in order, and dates are slow. */
const newest = { second: Number.NaN, text: '' };

/** RFC 3339 with milliseconds. */
export function isoTime(ms: number): string {
  const second = Math.floor(ms / 1_000);
  if (second !== newest.second) {
    newest.second = second;
    newest.text = new Date(second * 1_000).toISOString().slice(0, 20);
  }
  return `${newest.text}${String(ms - second * 1_000).padStart(3, '0')}Z`;
}
