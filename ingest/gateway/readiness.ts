import type { GatewayContext } from './context.ts';
import { GatewayError } from './errors.ts';

const READY_TIMEOUT_MS = 2_000;

/** Throws 503 when a block could not be taken now: the last append failed, the log does not answer, or nothing seals. */
export async function checkReady(context: GatewayContext): Promise<void> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error('no answer in time')), READY_TIMEOUT_MS);
  try {
    const fault = context.writer.recentFault();
    if (fault !== undefined) throw fault;
    await Promise.race([Promise.all([context.log.bounds(0), context.log.registry.bounds(), context.seal(Buffer.from('ready'), Buffer.alloc(1))]), timeout.promise]);
  } catch (error) {
    throw new GatewayError('TQ-GATEWAY-34', { cause: error, retryAfterSeconds: 2 });
  } finally {
    clearTimeout(timer);
  }
}
