import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation, ObservedValue } from '../../contracts/observation.ts';
import type { FieldValue } from '../sigma/event/field-value.ts';
import { scalarsOf } from '../sigma/event/field-value.ts';
import type { CorrelationRule } from '../sigma/rule.ts';
import { createForest, groupKeys } from './forest.ts';
import type { Link, ReadField } from './forest.ts';
import { MOST_VALUES, shortText, SITE_FIELD } from './observed-text.ts';

export type ToldObservation = Pick<Observation, 'by' | 'value' | 'fields'>;

export interface Observer {
  /** Fields that correlations read of a rule's match, as the rule names them; undefined when none refers to it. */
  fieldsFor(rule: string): readonly string[] | undefined;
  /**
   * What correlations have to be told of a match: one observation when some look at its site, and one for each group of a
   * correlation across sites. `read`: a field of the matched event by its name in the rule.
   */
  observe(rule: string, site: string, read: ReadField): readonly ToldObservation[];
}

interface Telling {
  readonly by: string;
  readonly links: readonly Link[];
  readonly fields: readonly string[];
}

export function createObserver(rules: readonly CorrelationRule[]): Observer {
  const tellings = new Map<string, Telling[]>();
  for (const [by, tree] of createForest(rules)) {
    for (const [rule, links] of tree.links) {
      const fields = new Set(links.flatMap((link) => [...link.group, ...link.values]));
      fields.delete(SITE_FIELD);
      tellings.set(rule, [...(tellings.get(rule) ?? []), { by, links, fields: [...fields] }]);
    }
  }
  return {
    fieldsFor(rule) {
      const known = tellings.get(rule);
      return known === undefined ? undefined : [...new Set(known.flatMap(({ fields }) => fields))];
    },
    observe(rule, site, read) {
      const told: ToldObservation[] = [];
      for (const { by, links, fields } of tellings.get(rule) ?? []) {
        const observed = observedFields(fields, read);
        if (by === BY_SITE) {
          told.push({ by, value: site, fields: observed });
          continue;
        }
        const readAll: ReadField = (field) => (field === SITE_FIELD ? site : read(field));
        const values = new Set(links.flatMap((link) => groupKeys(link, readAll)));
        for (const value of values) told.push({ by, value, fields: observed });
      }
      return told;
    },
  };
}

function observedFields(fields: readonly string[], read: ReadField): Observation['fields'] {
  const observed: [string, ObservedValue][] = [];
  for (const field of fields) {
    const value = read(field);
    if (value !== undefined && value !== null) observed.push([field, observedValue(value)]);
  }
  return Object.fromEntries(observed);
}

function observedValue(value: FieldValue): ObservedValue {
  if (typeof value === 'string') return shortText(value);
  if (typeof value !== 'object') return value;
  return scalarsOf(value).slice(0, MOST_VALUES).map((scalar) => (typeof scalar === 'string' ? shortText(scalar) : scalar));
}
