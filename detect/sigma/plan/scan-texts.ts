import { textsOf } from '../event/field-path.ts';
import type { EventObject } from '../event/field-value.ts';

const SCAN_NAMES = ['scan', 'scan.rule', 'scan.class', 'scan.level', 'scan.field', 'scan.view'] as const;

const NONE: readonly string[] = [];

/** The texts that the engine has put on the event after its line was scanned. */
export function scanTextsOf(event: EventObject): readonly string[] {
  let texts = NONE;
  for (const name of SCAN_NAMES) if (Object.hasOwn(event, name)) texts = [...texts, ...textsOf({ [name]: event[name] })];
  return texts;
}
