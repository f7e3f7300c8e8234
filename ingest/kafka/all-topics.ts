// kafkajs ships neither types for its insides nor an `exports` field; its version is pinned.
// @ts-expect-error: no types
import Requests from 'kafkajs/src/protocol/requests/index.js';
import type { WireProtocol } from './internals.ts';

const NONE = 0;
const LEADER_NOT_AVAILABLE = 5;

type Layout = (input: { readonly topics: readonly string[] }) => WireProtocol;

/** As far as it is read here; the rest is handed on. */
interface Metadata {
  readonly topicMetadata: readonly { readonly topicErrorCode: number; readonly partitionMetadata: readonly { readonly partitionErrorCode: number }[] }[];
}

let mended = false;

/**
 * Mends a flaw of kafkajs 2.2.4, for all that is made with it: its admin, and its search for a group's coordinator, ask
 * for the metadata of every topic there is and fail while any of them, whosever it is, has a partition that nobody leads.
 * No role could start, no worker join its group. Of such a request what cannot be told is left out; one that names its
 * topics fails as before. Once is enough, more does nothing.
 */
export function mendAllTopics(): void {
  if (mended) return;
  mended = true;
  const definition = (Requests as { readonly requests: { readonly Metadata: { protocol(version: { readonly version: number }): Layout } } }).requests.Metadata;
  const protocol = definition.protocol.bind(definition);
  definition.protocol = (version) => {
    const layout = protocol(version);
    return (input) => {
      const { request, response } = layout(input);
      return { request, response: input.topics.length > 0 ? response : { decode: response.decode, parse: (decoded) => response.parse(withoutErrors(decoded)) } };
    };
  };
}

function withoutErrors(decoded: unknown): unknown {
  // What the layout's own decoder made.
  const metadata = decoded as Metadata;
  return {
    ...metadata,
    topicMetadata: metadata.topicMetadata.filter(({ topicErrorCode }) => topicErrorCode === NONE).map((topic) => ({
      ...topic,
      partitionMetadata: topic.partitionMetadata.map((partition) => (partition.partitionErrorCode === LEADER_NOT_AVAILABLE ? { ...partition, partitionErrorCode: NONE } : partition)),
    })),
  };
}
