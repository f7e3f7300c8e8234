import { corpusRows } from '../../../contracts/reference-data.ts';
import type { Random } from '../../../contracts/seeded-random.ts';
import { word } from '../clock.ts';
import { request } from '../scenario-event.ts';
import { siteOf } from '../sites.ts';
import { NOTHING } from './clean-source.ts';
import type { CleanEvent, CleanSource } from './clean-source.ts';

/** A row of `woocommerce/requests.ndjson`. */
interface Recorded {
  readonly method: string;
  readonly uri: string;
  readonly body: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

function eventOf({ method, uri, body, status, headers }: Recorded): CleanEvent {
  const client = { ip: '192.0.2.17', agent: headers['user-agent'] ?? 'curl/8.5.0' };
  const answer = { status, bytes: 5_000, ...(body === '' ? {} : { body }), ...(headers['referer'] === undefined ? {} : { referrer: headers['referer'] }) };
  return { event: request(siteOf('garten-werk'), 1_795_234_406_123, client, `${method} ${uri}`, answer).event, holds: NOTHING };
}

/** Another number or nonce in place of each, as the next visitor has it; dates and versions keep their shape. */
function mutated(text: string, random: Random): string {
  return text.replaceAll(/(?<![\d.%v-])\d{2,6}(?![\d.%-])/g, (digits) => random.digits(digits.length)).replaceAll('0123456789', () => word(random, 10, '0123456789abcdef'));
}

/** The recorded requests as they are; undefined where they are not on this machine. */
export function recordedEvents(): readonly CleanEvent[] | undefined {
  // The rows are of our own recording.
  return (corpusRows('woocommerce/requests.ndjson') as readonly Recorded[] | undefined)?.map(eventOf);
}

/** The recorded requests with other numbers; undefined as above. */
export function recordedRequests(): CleanSource | undefined {
  const rows = corpusRows('woocommerce/requests.ndjson') as readonly Recorded[] | undefined;
  if (rows === undefined) return undefined;
  return {
    name: 'recorded requests, mutated', share: 240,
    make(random) {
      const row = random.pick(rows);
      return eventOf({ ...row, uri: mutated(row.uri, random), body: mutated(row.body, random) });
    },
  };
}
