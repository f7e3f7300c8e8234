/** Tactics of MITRE ATT&CK (enterprise), in its order, as Sigma's tags write them behind `attack.`; older rules name the one that was split. */
export const TACTICS: Readonly<Record<string, string>> = {
  'reconnaissance': 'Reconnaissance',
  'resource-development': 'Resource Development',
  'initial-access': 'Initial Access',
  'execution': 'Execution',
  'persistence': 'Persistence',
  'privilege-escalation': 'Privilege Escalation',
  'stealth': 'Stealth',
  'defense-impairment': 'Defense Impairment',
  'defense-evasion': 'Defense Evasion (since split)',
  'credential-access': 'Credential Access',
  'discovery': 'Discovery',
  'lateral-movement': 'Lateral Movement',
  'collection': 'Collection',
  'command-and-control': 'Command and Control',
  'exfiltration': 'Exfiltration',
  'impact': 'Impact',
};

const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/;

/** `attack.t1110.001` is `T1110.001`. */
export function techniquesOf(tags: readonly string[]): readonly string[] {
  return tags.map((tag) => TECHNIQUE.exec(tag)?.[1]?.toUpperCase()).filter((technique) => technique !== undefined);
}

/** Keys of `TACTICS`; underscores, as older tags have them, count as dashes. */
export function tacticsOf(tags: readonly string[]): readonly string[] {
  return Object.keys(TACTICS).filter((tactic) => tags.some((tag) => tag.replaceAll('_', '-') === `attack.${tactic}`));
}
