import { describe, expect, it } from 'vitest';
import { corpusRows, corpusText } from '../../../contracts/reference-data.ts';
import { considered } from '../event/routing.ts';
import type { EventObject } from '../event/field-value.ts';
import { readRules } from '../language/read-rules.ts';
import { loadMappings } from '../mappings/load-mappings.ts';
import { shippedMappings } from '../mappings/shipped-mappings.ts';
import type { DetectionRule } from '../rule.ts';
import { viewsOf } from '../../views/views.ts';
import { explain } from './explain.ts';
import { matches } from './matches.ts';
import type { Surroundings } from './matches.ts';

const surroundings: Surroundings = { mappings: loadMappings(shippedMappings()).mappings, views: (text) => viewsOf(text).map((view) => view.text) };

function ruleOf(file: string, text: string, placeholders: Readonly<Record<string, readonly string[]>> = {}): DetectionRule {
  const { rules, problems } = readRules([{ file, text }], { placeholders });
  const [rule] = rules.detections;
  if (rule === undefined) throw new Error(`${file}: ${problems.map((problem) => problem.message).join('; ')}`);
  return rule;
}

interface ConformanceRow {
  readonly id: string;
  readonly detection: unknown;
  readonly event: EventObject;
  readonly match: boolean;
  readonly spec: string;
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
}

const conformance = corpusRows('sigma/conformance/modifiers.ndjson') as readonly ConformanceRow[] | undefined;

describe('the specification', () => {
  it.runIf(conformance !== undefined)('has its answer for every modifier and condition', () => { // The corpora are absent on a user's machine; in CI that is an error.
    const wrong = conformance?.filter(({ id, detection, event, match, placeholders }) => {
      const rule = ruleOf(`${id}.yml`, JSON.stringify({ title: id, logsource: { category: 'test' }, detection }), placeholders);
      return matches(rule, event, surroundings) !== match || explain(rule, event, surroundings).matched !== match;
    });
    expect(conformance?.length).toBeGreaterThanOrEqual(381);
    expect(wrong).toEqual([]);
  });
});

interface RegressionCase {
  readonly rule_id: string;
  readonly rule_path: string;
  readonly match: boolean;
  readonly fields: EventObject;
}

const regression = corpusRows('sigma/regression/cases.ndjson') as readonly RegressionCase[] | undefined;

describe('recorded events of Windows', () => {
  const rules = new Map<string, DetectionRule>();
  const ruleAt = (path: string): DetectionRule => {
    const rule = rules.get(path) ?? ruleOf(path, corpusText(`sigma/${path}`) ?? '');
    rules.set(path, rule);
    return rule;
  };

  it.runIf(regression !== undefined)('are routed to their rules and match them, or not, as recorded', () => { // The corpora are absent on a user's machine; in CI that is an error.
    const wrong = regression?.filter(({ rule_path, match, fields }) => {
      const rule = ruleAt(rule_path);
      const served = surroundings.mappings.served(fields);
      return served === undefined || (considered(served, rule.logsource, false) && matches(rule, fields, surroundings)) !== match;
    });
    expect(regression?.length).toBeGreaterThanOrEqual(238);
    expect(wrong?.map((one) => one.rule_path)).toEqual([]);
  });

  it.runIf(regression !== undefined)('are not given to rules of the web', () => { // The corpora are absent on a user's machine; in CI that is an error.
    const served = regression?.map(({ fields }) => surroundings.mappings.served(fields));
    expect(served?.filter((one) => considered(one, { category: 'webserver' }, false))).toEqual([]);
  });
});
