/** What bytes are as text: their characters and the number of bytes of each. */
export interface ByteCharacter {
  readonly text: string;
  readonly bytes: number;
}

/**
 * The character at `i`: UTF-8, in longer forms than needed too, as lenient servers read it (`c0 ae` is a full stop). A
 * byte of no such sequence is the character of its number.
 */
export function characterAt(bytes: Uint8Array, i: number): ByteCharacter {
  const first = bytes[i] ?? 0;
  const length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
  if (length === 1 || i + length > bytes.length) return { text: String.fromCharCode(first), bytes: 1 };
  let code = first & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) {
    const next = bytes[i + k] ?? 0;
    if ((next & 0xc0) !== 0x80) return { text: String.fromCharCode(first), bytes: 1 };
    code = code * 64 + (next & 0x3f);
  }
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return { text: String.fromCharCode(first), bytes: 1 };
  return { text: String.fromCodePoint(code), bytes: length };
}

/** The bytes as text when at least seven of eight are printable ASCII, tabs or line ends; else undefined. */
export function textOf(bytes: Uint8Array): string | undefined {
  let other = 0;
  for (const byte of bytes) if (byte > 126 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) other++;
  if (other * 8 > bytes.length) return undefined;
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const character = characterAt(bytes, i);
    text += character.text;
    i += character.bytes;
  }
  return text;
}
