import type { ConfigOf, Settings } from '../../contracts/settings.ts';

/** Which rules the worker runs. */
export const RULES_SETTINGS = {
  shipped: { kind: 'switch', default: true, comment: 'Whether the Sigma rules that are shipped run; the shipped signatures always do, for they mask.' },
  paths: { kind: 'list', default: [], comment: 'Further Sigma rules: files or folders. A change is tested, sealed and put to use without a restart; what is wrong leaves the rules before it in use.' },
  mappings: { kind: 'list', default: [], comment: 'Further mappings of logsources and fields, as in detect/sigma/mappings: files or folders.' },
  packs: { kind: 'list', default: [], comment: 'Further signature packs (*.yaml) and registered documents (documents.ndjson): folders. The instance\'s own folder packs/, where canaries and fingerprints stand, is always among them.' },
  placeholders: { kind: 'list', default: [], comment: 'Values of placeholders for the modifier "expand": "name=value", a name as often as it has values.' },
  tiers: {
    sites: { kind: 'list', default: [], comment: 'Retention tier of a site\'s events: "site=tier", with one of brief, standard, payment, health, trail. A site that is not named has standard. Of several tiers the last of these holds.' },
    classes: { kind: 'list', default: [], comment: 'Retention tier of events that hold data of a class, by the first part of its name: "pii=brief". Beside phi=health, pci=payment and fin=payment, which it can change. A change holds for events from then on.' },
  },
  reload_s: { kind: 'integer', default: 5, least: 0, most: 86_400, comment: 'How often the paths are looked at for changes; 0 for never.' },
} as const satisfies Settings;

export type RulesConfig = ConfigOf<typeof RULES_SETTINGS>;
