import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { sortFrames } from './batches.ts';
import { createFrameReader } from './frame-reader.ts';
import type { Frame } from './frame-reader.ts';
import type { SyslogSink } from './sink.ts';

export interface SessionLimits {
  /** Waits this long for company before what came is stored. */
  readonly lingerMs: number;
  /** A message that has begun must end within this, and the first one must come. */
  readonly messageMs: number;
  readonly idleMs: number;
  /** Waits before a batch that could not be stored is given again, at first and at most. */
  readonly retryMs: number;
  readonly mostRetryMs: number;
}

/** Refused messages in a row, after which nothing good is awaited from a connection. */
const MOST_REFUSED = 100;
/** Bytes taken out of the socket at one time. */
const MOST_READ_BYTES = 256 * 1024;
/** That much is company enough. */
const ENOUGH_BYTES = 64 * 1024;
const LINGER_STEPS = 10;
const BUSY_STEP_MS = 1;

/**
 * Serves one connection until it ends, is silent or slow, sends what is no syslog, or `stopping` is aborted; then what was read is
 * stored first. Reads again only when everything read before is durable, so a sender is slowed down by TCP.
 * `givenUp`: stop trying to store, too; what is held then is counted as `not_stored`.
 */
export async function serveConnection(socket: TLSSocket, sink: SyslogSink, limits: SessionLimits, stopping: AbortSignal, givenUp: AbortSignal): Promise<void> {
  const reader = createFrameReader();
  let refusedInRow = 0;
  let hasTaken = false;
  let isBusy = false;
  /** Since when a message is awaited: the first one, or the end of one that has begun. */
  let awaitedSinceMs: number | undefined = performance.now();
  try {
    for (;;) {
      const waitMs = awaitedSinceMs === undefined ? limits.idleMs : limits.messageMs - (performance.now() - awaitedSinceMs);
      const got = await readable(socket, waitMs, stopping);
      if (got === 'silent') {
        if (awaitedSinceMs !== undefined) sink.refused('too_slow');
        return;
      }
      if (got === 'readable') await linger(socket, isBusy ? BUSY_STEP_MS : limits.lingerMs / LINGER_STEPS, stopping);
      const bytes = readAll(socket);
      isBusy = bytes.length >= ENOUGH_BYTES;
      const { frames, isBroken } = reader.push(bytes);
      const { taken, refused } = await takeFrames(frames, sink, limits, givenUp);
      hasTaken ||= taken;
      refusedInRow = taken ? 0 : refusedInRow + refused;
      if (hasTaken) awaitedSinceMs = !reader.isMidway ? undefined : frames.length > 0 ? performance.now() : awaitedSinceMs ?? performance.now();
      if (isBroken) return sink.refused('framing');
      if (refusedInRow >= MOST_REFUSED) return sink.refused('too_many');
      // Stopping, one pass is all: it holds what had arrived, and a busy sender would never be done.
      if (stopping.aborted || (got !== 'readable' && bytes.length === 0)) {
        if (reader.isMidway) sink.refused('cut_off');
        return;
      }
    }
  } finally {
    socket.destroy();
  }
}

/** Few lines make small blocks; a busy sender is not kept waiting. */
async function linger(socket: TLSSocket, stepMs: number, stopping: AbortSignal): Promise<void> {
  for (let step = 0; step < LINGER_STEPS && socket.readableLength < ENOUGH_BYTES && !stopping.aborted && !socket.readableEnded; step++) await sleep(stepMs);
}

/** Everything that has arrived, up to the limit; nothing is lost, the rest is read the next time. */
function readAll(socket: TLSSocket): Buffer {
  const parts: Buffer[] = [];
  for (let bytes = 0; bytes < MOST_READ_BYTES; ) {
    // In paused mode without an encoding a stream gives Buffers.
    const part = socket.read() as Buffer | null;
    if (part === null) break;
    parts.push(part);
    bytes += part.length;
  }
  return Buffer.concat(parts);
}

type Waited = 'readable' | 'ended' | 'stopping' | 'silent';

/** Until there is something to read, the other side has ended, the time is over or all stops. */
function readable(socket: TLSSocket, waitMs: number, stopping: AbortSignal): Promise<Waited> {
  if (socket.readableLength > 0) return Promise.resolve('readable');
  if (socket.readableEnded || socket.destroyed) return Promise.resolve('ended');
  if (stopping.aborted) return Promise.resolve('stopping');
  const { promise, resolve } = Promise.withResolvers<Waited>();
  const timer = setTimeout(() => resolve('silent'), Math.max(0, waitMs));
  const onReadable = () => resolve('readable');
  const onEnd = () => resolve('ended');
  const onStop = () => resolve('stopping');
  socket.once('readable', onReadable).once('end', onEnd).once('close', onEnd);
  stopping.addEventListener('abort', onStop, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
    stopping.removeEventListener('abort', onStop);
  });
}

/** Each frame is durable or counted when it resolves. */
async function takeFrames(frames: readonly Frame[], sink: SyslogSink, limits: SessionLimits, givenUp: AbortSignal): Promise<{ readonly taken: boolean; readonly refused: number }> {
  if (frames.length === 0) return { taken: false, refused: 0 };
  const sorted = await patiently(() => sortFrames(frames, sink), limits, givenUp);
  if (sorted === undefined) sink.refused('not_stored', frames.length);
  const { batches, refusals } = sorted ?? { batches: [], refusals: [] };
  for (const reason of refusals) sink.refused(reason);
  for (const batch of batches) if ((await patiently(() => sink.take(batch).then(() => true), limits, givenUp)) === undefined) sink.refused('not_stored', batch.lines.length);
  return { taken: batches.length > 0, refused: refusals.length };
}

/** Tries until it works: back-pressure, never a drop. A batch that is given again may be stored twice. undefined once all is given up. */
async function patiently<T>(work: () => Promise<T>, limits: SessionLimits, givenUp: AbortSignal): Promise<T | undefined> {
  for (let waitMs = limits.retryMs; !givenUp.aborted; waitMs = Math.min(2 * waitMs, limits.mostRetryMs)) {
    try {
      return await work();
    } catch (error) {
      await sleep(Math.max(waitMs, retryAfterMs(error)), undefined, { signal: givenUp }).catch(() => undefined);
    }
  }
  return undefined;
}

function retryAfterMs(error: unknown): number {
  const { retryAfterSeconds }: { readonly retryAfterSeconds?: unknown } = typeof error === 'object' && error !== null ? error : {};
  return typeof retryAfterSeconds === 'number' ? Math.min(60_000, 1000 * retryAfterSeconds) : 0;
}
