import { describe, expect, test } from 'vitest';
import { groupBy, correlation, START } from './correlation-fixture.ts';
import { findingLine, systemAlert } from './finding.ts';
import type { CorrelationFinding } from './finding.ts';

const FINDING: CorrelationFinding = {
  id: 'finding_a', rule: correlation({ groupBy: groupBy(['source.ip', 'user.name'], ['a']) }), site: 'shop', group: { 'source.ip': '198.51.100.7', 'user.name': 'u' },
  timestamp: START + 5_000, start: START, end: START + 5_000, late: true, value: 3, events: 3, evidence: [{ site: 'shop', leaf: 7 }, { site: 'shop', leaf: 9 }],
};

describe('a finding as an event', () => {
  test('says what was found, of whom, and out of what', () => {
    expect(JSON.parse(findingLine(FINDING, 'v1'))).toEqual({
      'source.ip': '198.51.100.7', 'user.name': 'u', '@timestamp': '2026-11-21T00:00:05.000Z',
      event: { kind: 'alert', category: ['intrusion_detection'], action: 'correlation', outcome: 'unknown', id: 'finding_a', severity: 73, start: '2026-11-21T00:00:00.000Z', end: '2026-11-21T00:00:05.000Z' },
      rule: { id: 'c', name: 'A correlation', version: 'v1', category: 'attack.test' },
      tourniquet: { correlation: { type: 'event_count', by: ['source.ip', 'user.name'], group: ['198.51.100.7', 'u'], value: 3, events: 3, late: true, leaves: [7, 9] } },
    });
  });

  test('names the sites when it is about several', () => {
    const evidence = [{ site: 'a', leaf: 1 }, { site: 'b', leaf: 1 }, { site: 'a', leaf: 2 }];
    const { tourniquet } = JSON.parse(findingLine({ ...FINDING, site: '_system', evidence }, 'v1'));
    expect(tourniquet.correlation).toMatchObject({ sites: ['a', 'b'] });
  });

  test('keeps its own fields, whatever its rule groups by', () => {
    const line = JSON.parse(findingLine({ ...FINDING, group: JSON.parse('{"event.id":"x","rule":"x","@timestamp":"x","__proto__":"x","tourniquet.site":"x"}') }, 'v1'));
    expect([line.event.id, line.rule.id, line['event.id'], line['@timestamp'], line['tourniquet.site']]).toEqual(['finding_a', 'c', undefined, '2026-11-21T00:00:05.000Z', undefined]);
  });

  test('is read back as its alert', () => {
    expect(systemAlert(JSON.parse(findingLine(FINDING, 'v1')))).toEqual({
      id: 'finding_a', rule: 'c', rule_version: 'v1', title: 'A correlation', level: 'high', class: 'attack.test', field: 'source.ip', late: true, group: ['198.51.100.7', 'u'],
    });
  });

  test.each(['{"event":{"kind":"alert"}}', '{"event":{"kind":"state"},"rule":{"id":"r"}}', '{"event":"alert","rule":{"id":"r"}}', '{"event":{"kind":"alert"},"rule":{"id":7}}', '7', 'null'])('is not %s', (line) => {
    expect(systemAlert(JSON.parse(line))).toBeUndefined();
  });

  test('reads an alert of other origin', () => {
    expect(systemAlert({ event: { kind: 'alert', severity: 99 }, rule: { id: 'r' }, tourniquet: { correlation: { by: 'source.ip', group: [1, 'x'] } } })).toEqual({
      id: '', rule: 'r', rule_version: '', title: '', level: 'critical', class: '', field: 'source.ip', late: false, group: ['x'],
    });
  });
});
