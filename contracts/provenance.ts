/** How far a line's source can be trusted. */
export const PROVENANCES = ['plugin', 'gateway', 'ingress', 'system'] as const;

/**
 * - `plugin`: a signed chain; may assert subjects and identity events.
 * - `gateway`: a plain line; the sequence is ours.
 * - `ingress`: a third party's Kafka record.
 * - `system`: the product's own acts.
 */
export type Provenance = (typeof PROVENANCES)[number];

export function isProvenance(text: unknown): text is Provenance {
  return PROVENANCES.some((p) => p === text);
}
