/** Text of others as a terminal may show it: one line, nothing that moves the cursor or turns the reading direction. */
export function plain(text: string, most = 120): string {
  // eslint-disable-next-line no-control-regex
  const safe = text.toWellFormed().replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu, '\ufffd');
  return safe.length > most ? `${safe.slice(0, most - 1)}\u2026` : safe;
}

/** "2026-11-20 08:00:00", UTC. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 19);
}
