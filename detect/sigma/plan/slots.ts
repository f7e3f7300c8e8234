import type { FieldPath } from '../event/field-path.ts';
import type { Mappings } from '../mappings/mapping.ts';
import type { Logsource } from '../rule.ts';
import type { Slot, Slots, ViewsOf } from './event-values.ts';

/** Gives every field that rules ask for its slot. Rules of different log sources share the slot of a field that no mapping names. */
export class FieldSlots implements Slots {
  readonly paths: (FieldPath | undefined)[] = [undefined];
  readonly viewsOf: ViewsOf;
  readonly #mappings: Mappings;
  readonly #known = new Map<string, Slot>();

  constructor(mappings: Mappings, viewsOf: ViewsOf) {
    this.#mappings = mappings;
    this.viewsOf = viewsOf;
  }

  slotOf(field: string, logsource: Logsource): Slot {
    const path = this.#mappings.fieldPath(field, logsource);
    const key = JSON.stringify(path.names.length === 1 && path.joints === '' ? [field] : [field, logsource.category, logsource.product, logsource.service]);
    let slot = this.#known.get(key);
    if (slot === undefined) {
      slot = this.paths.push(path) - 1;
      this.#known.set(key, slot);
    }
    return slot;
  }
}
