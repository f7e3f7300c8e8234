import { createRuleSet } from '../../contracts/rule-set.ts';
import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import type { Signature } from '../../contracts/pack.ts';
import { registerDocument } from '../../detect/documents/register.ts';
import { createEngine } from '../../detect/engine.ts';
import type { Engine } from '../../detect/engine.ts';
import { readRuleSources, SHIPPED_SIGMA } from '../../detect/rule-set/read-sources.ts';
import type { RuleSources } from '../../detect/rule-set/read-sources.ts';
import { CANARY_MAIL, SECRET_PAPER } from './planted-data.ts';
import { cacheFolder } from '../../roles/home.ts';

/** What `tourniquet canary add` would write for the stories' made-up customer. */
const CANARY: Signature = {
  id: 'tourniquet.canary.scenario-customer', title: 'Made-up customer of the scenarios', level: 'critical', class: 'canary.customer',
  pattern: CANARY_MAIL.replaceAll('.', '\\.'), mask: { identifier: 'text', recoverable: false }, source: 'own', falsePositives: [], positive: [CANARY_MAIL], negative: [],
};
const FINGERPRINT_KEY = Buffer.alloc(32, 7);

/** What `tourniquet fingerprint` would keep of the stories' paper. */
function registeredPaper(): RegisteredDocument {
  const registration = registerDocument({ id: 'scenario-paper', title: 'Paper of the scenarios', class: 'ip.product', level: 'high' }, SECRET_PAPER, FINGERPRINT_KEY);
  if (registration.kind === 'refused') throw new Error(`the paper of the scenarios cannot be registered: ${registration.because}`);
  return registration.document;
}

/** The engine of these rules, the shipped ones when absent, with what the scenarios have planted. */
export async function scenarioEngine(sources: RuleSources = { sigma: [SHIPPED_SIGMA] }): Promise<Engine> {
  const content = await readRuleSources(sources);
  return createEngine(createRuleSet({ ...content, signatures: [...content.signatures, CANARY], documents: [registeredPaper()] }), { fingerprintKey: FINGERPRINT_KEY, cacheDirectory: cacheFolder() });
}
