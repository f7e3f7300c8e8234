import { textsOf } from '../event/field-path.ts';
import type { FieldPath } from '../event/field-path.ts';
import { isNumberText, scalarsOf, textOf } from '../event/field-value.ts';
import type { EventObject, FieldValue } from '../event/field-value.ts';
import { foldCase } from '../fold-case.ts';

/** A reading of a text; the text as it is has the name ''. */
export interface TextView {
  readonly text: string;
  readonly name: string;
}

export type ViewsOf = (text: string) => readonly TextView[];

/** A field as an index: of the event's own texts together, or of one path. */
export type Slot = number;
/** All texts of the event, for keywords. */
export const EVERY_TEXT: Slot = 0;

/** The fields of a plan. Grows while rules are compiled; the same path has one slot. */
export interface Slots {
  readonly paths: (FieldPath | undefined)[];
  readonly viewsOf: ViewsOf;
}

/**
 * What rules ask of one event at a time: each field is read once, its texts made once, folded once. Belongs to one
 * evaluator.
 */
export class EventValues {
  readonly #slots: Slots;
  #event: EventObject = {};
  /** The round in which something was last put in the slot of the same index. */
  readonly #rounds: { read: number[]; texts: number[]; folded: number[]; views: number[] } = { read: [], texts: [], folded: [], views: [] };
  readonly #values: (FieldValue | undefined)[] = [];
  readonly #texts: (readonly string[])[] = [];
  readonly #folded: (readonly string[])[] = [];
  readonly #views: (readonly TextView[])[] = [];
  #round = 0;

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  begin(event: EventObject): void {
    this.#event = event;
    this.#round++;
    // Dense from the start: arrays with gaps are slow ones.
    for (let slot = this.#values.length; slot < this.#slots.paths.length; slot++) this.#forget(slot);
  }

  #forget(slot: Slot): void {
    for (const rounds of [this.#rounds.read, this.#rounds.texts, this.#rounds.folded, this.#rounds.views]) rounds[slot] = 0;
    this.#values[slot] = undefined;
    this.#texts[slot] = this.#folded[slot] = NONE;
    this.#views[slot] = [];
  }

  /** undefined: the event does not have the field. */
  read(slot: Slot): FieldValue | undefined {
    if (this.#rounds.read[slot] !== this.#round) {
      this.#rounds.read[slot] = this.#round;
      this.#values[slot] = slot === EVERY_TEXT ? textsOf(this.#event) : this.#slots.paths[slot]?.read(this.#event);
    }
    return this.#values[slot];
  }

  texts(slot: Slot): readonly string[] {
    let texts = this.#texts[slot];
    if (texts === undefined || this.#rounds.texts[slot] !== this.#round) {
      texts = textsOfValue(this.read(slot));
      this.#rounds.texts[slot] = this.#round;
      this.#texts[slot] = texts;
    }
    return texts;
  }

  /** The texts after `foldCase`. */
  folded(slot: Slot): readonly string[] {
    let folded = this.#folded[slot];
    if (folded === undefined || this.#rounds.folded[slot] !== this.#round) {
      const texts = this.texts(slot);
      folded = texts.length === 0 ? NONE : texts.map(foldCase);
      this.#rounds.folded[slot] = this.#round;
      this.#folded[slot] = folded;
    }
    return folded;
  }

  /** The texts and their decoded views. */
  views(slot: Slot): readonly TextView[] {
    let views = this.#views[slot];
    if (views === undefined || this.#rounds.views[slot] !== this.#round) {
      views = this.texts(slot).flatMap((text) => (isNumberText(text) ? [{ text, name: '' }] : this.#slots.viewsOf(text)));
      this.#rounds.views[slot] = this.#round;
      this.#views[slot] = views;
    }
    return views;
  }
}

const NONE: readonly string[] = [];

function textsOfValue(value: FieldValue | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === undefined || value === null) return NONE;
  return scalarsOf(value).map(textOf).filter((text) => text !== undefined);
}
