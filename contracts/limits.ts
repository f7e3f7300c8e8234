/** Limits every shipper, gateway and worker holds to. Sizes in bytes of UTF-8. */

/** One event, without its line feed. Longer exports go on in numbered events of one id. */
export const MAX_LINE_BYTES = 48 * 1024;
/** One block's body (framing, nonces and lines) after decompression. */
export const MAX_BLOCK_BYTES = 1024 * 1024;
/** Lines of one block. */
export const MAX_BLOCK_LINES = 10_000;
/** Nesting of objects and arrays in one event. */
export const MAX_DEPTH = 32;
/** Keys of one event, all levels together. */
export const MAX_KEYS = 1_000;
/** A request body before decompression. */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;
