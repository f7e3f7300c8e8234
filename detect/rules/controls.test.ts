import { describe, expect, test } from 'vitest';
import { CONTROLS, controlsOfClass, controlsOfTags, FRAMEWORKS, unknownControls } from './controls.ts';

/** What Sigma allows as a tag. */
const TAG = /^[a-z0-9_-]+\.[a-z0-9._-]+$/;

describe('controls', () => {
  test('are told once each, by names that are tags of Sigma', () => {
    expect(new Set(CONTROLS).size).toBe(FRAMEWORKS.flatMap(({ controls }) => controls).length);
    expect(CONTROLS.filter((tag) => !TAG.test(tag))).toEqual([]);
  });

  test.each([
    [['pci-dss.10.2.1.6', 'hipaa.164.312-b', 'attack.t1190'], ['pci-dss.10.2.1.6', 'hipaa.164.312-b'], []],
    [['pci-dss.10.2.99', 'hipaa.164-312-b', 'gdpr.33'], [], ['pci-dss.10.2.99', 'hipaa.164-312-b', 'gdpr.33']],
    [['cve.2024-1', 'tourniquet.money', 'isoxyz.a.8.15'], [], []],
  ])('of %j are known %j and unknown %j', (tags, known, unknown) => {
    expect([controlsOfTags(tags), unknownControls(tags)]).toEqual([known, unknown]);
  });

  test.each(['phi.mrn', 'pii.email', 'fin.iban', 'pci.pan', 'secret.api_key', 'canary.order', 'ip.price_list', 'attack.sqli'])('are served by signatures of class %s, all of them known', (dataClass) => {
    const served = controlsOfClass(dataClass);
    expect(served.length).toBeGreaterThan(0);
    expect(unknownControls(served)).toEqual([]);
  });

  test('are not served by classes of acts', () => {
    expect(controlsOfClass('activity.bulk_export')).toEqual([]);
  });
});
