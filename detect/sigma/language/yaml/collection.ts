import { didYouMean } from '../nearest.ts';
import type { RuleText } from '../rule-text.ts';
import { entryOf, isText, nameOfKind } from './node.ts';
import type { YamlEntry, YamlMap, YamlNode } from './node.ts';

const ACTIONS = ['global', 'repeat', 'reset'] as const;

/**
 * Documents of a file after the old rule collections: `action: global` is laid under every document that follows, `reset`
 * ends that, `repeat` is the rule before it with changes. pySigma reads them too; the specification dropped them.
 */
export function collectionOf(text: RuleText, documents: readonly YamlMap[]): readonly YamlMap[] {
  const rules: YamlMap[] = [];
  let global: YamlMap | undefined;
  let last: YamlMap | undefined;
  for (const document of documents) {
    const action = entryOf(document, 'action');
    const own = action === undefined ? document : without(document, action);
    switch (action === undefined ? undefined : actionOf(text, action)) {
      case undefined:
        last = global === undefined ? own : merged(global, own);
        rules.push(last);
        break;
      case 'global':
        global = global === undefined ? own : merged(global, own);
        break;
      case 'reset':
        global = undefined;
        break;
      case 'repeat':
        if (last === undefined) text.report(action?.value ?? own, '`repeat` needs a rule before it');
        else {
          last = merged(last, own);
          rules.push(last);
        }
        break;
      default:
        break;
    }
  }
  return rules;
}

function actionOf(text: RuleText, { value }: YamlEntry): (typeof ACTIONS)[number] | 'unknown' {
  const action = isText(value) ? ACTIONS.find((name) => name === value.value) : undefined;
  if (action !== undefined) return action;
  text.report(value, `\`action\` cannot be ${isText(value) ? `\`${value.value.slice(0, 40)}\`` : nameOfKind(value)}`, didYouMean(isText(value) ? value.value : '', ACTIONS, `expected one of ${ACTIONS.join(', ')}`));
  return 'unknown';
}

function without(document: YamlMap, entry: YamlEntry): YamlMap {
  return { ...document, entries: document.entries.filter((other) => other !== entry) };
}

/** Maps are merged key by key, everything else is replaced. Messages point to where a value was written. */
function merged(under: YamlMap, over: YamlMap): YamlMap {
  const entries = new Map(under.entries.map((entry) => [entry.key.value, entry]));
  for (const entry of over.entries) {
    const below = entries.get(entry.key.value);
    entries.set(entry.key.value, below === undefined ? entry : { ...entry, value: mergedValue(below.value, entry.value) });
  }
  return { ...over, entries: [...entries.values()] };
}

function mergedValue(under: YamlNode, over: YamlNode): YamlNode {
  return under.kind === 'map' && over.kind === 'map' ? merged(under, over) : over;
}
