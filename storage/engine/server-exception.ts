/** An error as a ClickHouse server reports it. */
export class ServerException extends Error {
  override readonly name = 'ServerException';
  /** ClickHouse's number, 1002 (UNKNOWN_EXCEPTION) when none is known. */
  readonly code: number;
  constructor(code: number, type: string, message: string, options?: ErrorOptions) {
    super(`Code: ${code}. DB::Exception: ${message} (${type})`, options);
    this.code = code;
  }
}

const HEAD = /^(?:Query failed: )?(?:Code: \d+\. DB::Exception: )*Code: (\d+)\. DB::Exception: /;
const TYPE = /(?:\s*\(version [^)]*\)\.?)?\s*\(([A-Z][A-Z0-9_]+)\)\s*(?:\(version [^)]*\)\.?)?\s*$/;

/** What chdb throws is a text that repeats code and type for each layer it passed; this gives the innermost once. */
export function serverException(error: unknown): ServerException {
  if (error instanceof ServerException) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = HEAD.exec(text)?.[1];
  let message = text.replace(HEAD, '');
  let type: string | undefined;
  for (let match = TYPE.exec(message); match !== null; match = TYPE.exec(message)) {
    type = match[1];
    message = message.slice(0, match.index);
  }
  if (code === undefined || type === undefined) return new ServerException(1002, 'UNKNOWN_EXCEPTION', text, { cause: error });
  return new ServerException(Number(code), type, message, { cause: error });
}

export const readonlyRefusal = (what: string): ServerException => new ServerException(164, 'READONLY', `${what} is not allowed.`);
export const accessRefusal = (what: string): ServerException => new ServerException(497, 'ACCESS_DENIED', `${what} is not allowed to this user.`);
export const badRequest = (what: string): ServerException => new ServerException(36, 'BAD_ARGUMENTS', what);

/** As `exceptionCodeToHTTPStatus` of ClickHouse's HTTPHandler has it. */
const STATUS: ReadonlyMap<number, number> = new Map([
  ...[194].map((code) => [code, 401] as const),
  ...[192, 193, 497, 516].map((code) => [code, 403] as const),
  ...[6, 26, 27, 36, 38, 41, 43, 53, 62, 63, 69, 72, 117, 130, 131, 427, 456, 457].map((code) => [code, 400] as const),
  ...[46, 47, 50, 56, 60, 73, 81, 115, 336].map((code) => [code, 404] as const),
  [229, 413],
  [48, 501],
  [202, 503],
  [209, 503],
]);

export function httpStatusOf(code: number): number {
  return STATUS.get(code) ?? 500;
}
