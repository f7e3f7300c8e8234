import { DERIVATION, deriveColumns } from '../detect/derivation/v1/event-columns.ts';
import { deriveActOf } from '../detect/acts/v1/act.ts';
import type { Derivations } from '../storage/verify/derived-rows.ts';

/** The frozen derivations, as verification asks for them. A line that is no JSON gives the columns of an empty event, as in the stage. */
export const DERIVATIONS: Derivations = {
  columns: (derivation, line, receivedAtMs) => (derivation === DERIVATION ? { ...deriveColumns(parsed(line), receivedAtMs) } : undefined),
  deed: deriveActOf,
};

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
