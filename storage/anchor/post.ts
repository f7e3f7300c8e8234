/** One HTTP POST to an address that was judged, without redirects, with a deadline and a bounded answer. Rejects when there is no answer. */
export type Post = (url: string, headers: Readonly<Record<string, string>>, body: string | Buffer) => Promise<PostAnswer>;

export interface PostAnswer {
  readonly status: number;
  /** Empty when there is none. */
  readonly contentType: string;
  /** At most `MOST_ANSWER_BYTES`. */
  readonly body: Buffer;
}

export const MOST_ANSWER_BYTES = 64 * 1024;
