/** What is read of an RFC 5424 message: the parameters of our structured data, and the line it bears. */
export interface SyslogMessage {
  readonly parameters: ReadonlyMap<string, string>;
  /** MSG without the byte order mark; empty when there is none. */
  readonly line: Buffer;
}

/**
 * Structured data of ours is `tourniquet@` and a private enterprise number. RFC 5424 section 7.2.2 wants the sender's own; who has
 * none may use 32473, which RFC 5612 sets aside for documents and which belongs to nobody. So any number is taken.
 */
const OURS = /^tourniquet@[0-9]{1,10}$/;

/** `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID `, by the lengths of RFC 5424 section 6. */
const HEADER = /^<(?:0|[1-9][0-9]{0,2})>1 (?:-|[0-9][0-9T:.+Z-]{18,34}) [!-~]{1,255} [!-~]{1,48} [!-~]{1,128} [!-~]{1,32} /;
const MOST_HEADER_BYTES = 600;
/** Elements and parameters of one message that are looked at. */
const MOST_PARTS = 64;

/** undefined for what is no RFC 5424 message. */
export function readMessage(bytes: Buffer): SyslogMessage | undefined {
  const head = HEADER.exec(bytes.toString('latin1', 0, MOST_HEADER_BYTES));
  if (head === null) return undefined;
  const parameters = new Map<string, string>();
  let at = head[0].length;
  if (bytes[at] === 0x2d) at += 1;
  else {
    const end = readElements(bytes, at, parameters);
    if (end === undefined) return undefined;
    at = end;
  }
  if (at === bytes.length) return { parameters, line: bytes.subarray(at) };
  if (bytes[at] !== 0x20) return undefined;
  at += 1;
  const hasMark = bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
  return { parameters, line: bytes.subarray(hasMark ? at + 3 : at) };
}

/** `[id name="value" …][…]`; the place behind the last bracket, undefined when they do not close. */
function readElements(bytes: Buffer, from: number, parameters: Map<string, string>): number | undefined {
  let at = from;
  for (let parts = 0; bytes[at] === 0x5b; ) {
    const idEnd = endOfName(bytes, at + 1);
    const isOurs = OURS.test(bytes.toString('latin1', at + 1, idEnd));
    at = idEnd;
    while (bytes[at] === 0x20) {
      const nameEnd = endOfName(bytes, at + 1);
      if (bytes[nameEnd] !== 0x3d || bytes[nameEnd + 1] !== 0x22) return undefined;
      const valueEnd = endOfValue(bytes, nameEnd + 2);
      if (valueEnd === undefined || ++parts > MOST_PARTS) return undefined;
      const name = bytes.toString('latin1', at + 1, nameEnd);
      // The first of equal names holds.
      if (isOurs && !parameters.has(name)) parameters.set(name, bytes.toString('utf8', nameEnd + 2, valueEnd).replace(/\\(["\\\]])/g, '$1'));
      at = valueEnd + 1;
    }
    if (bytes[at] !== 0x5d || ++parts > MOST_PARTS) return undefined;
    at += 1;
  }
  return at === from ? undefined : at;
}

const MOST_NAME_BYTES = 32;

/** SD-NAME: printable, without `=`, blank, `]` and `"`. */
function endOfName(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < from + MOST_NAME_BYTES; at++) {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x20 || byte >= 0x7f || byte === 0x3d || byte === 0x5d || byte === 0x22) break;
  }
  return at;
}

/** The quote that ends a value; `\"`, `\\` and `\]` stand for themselves. */
function endOfValue(bytes: Buffer, from: number): number | undefined {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === 0x5c) at += 1;
    else if (bytes[at] === 0x22) return at;
  }
  return undefined;
}
