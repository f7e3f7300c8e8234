import { CATALOGUE } from '../../detect/rules/catalogue.ts';

/** Items of the threat catalogue that rules find, as `<group>.<item>`, with the names of these rules. */
const ITEMS: ReadonlyMap<string, readonly string[]> = new Map(
  CATALOGUE.flatMap(({ id: group, items }) => items.filter(({ rules }) => rules.length > 0).map(({ id, rules }) => [`${group}.${id}`, rules])),
);

export const ITEM_NAMES: readonly string[] = [...ITEMS.keys()];

/** Throws a RangeError for an item that the catalogue does not have. */
export function rulesOfItem(item: string): readonly string[] {
  const rules = ITEMS.get(item);
  if (rules === undefined) throw new RangeError(`the threat catalogue has no item ${item}`);
  return rules;
}
