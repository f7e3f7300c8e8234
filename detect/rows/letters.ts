const LETTERS = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15)));

/** The first 16 bytes as 32 letters a to p: digits in a line could look like an identifier and be masked. */
export function letters(digest: Uint8Array): string {
  let text = '';
  for (let i = 0; i < 16; i++) text += LETTERS[digest[i] ?? 0] ?? '';
  return text;
}
