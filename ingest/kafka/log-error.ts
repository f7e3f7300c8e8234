import { KafkaError } from './errors.ts';

/** What the event log rejects with, by the name its contract asks for. */
export class LogError extends KafkaError {
  override readonly name: string = 'LogError';
}
