/** Controls of standards and laws that rules serve, as tags name them: `pci-dss.10.2.1`. Titles are short, for reports. */
export interface Framework {
  /** Namespace of its tags. */
  readonly id: string;
  readonly title: string;
  /** Article, section or criterion by the rest of its tag, in the order of the text. */
  readonly controls: readonly (readonly [name: string, title: string])[];
}

export const FRAMEWORKS: readonly Framework[] = [
  {
    id: 'hipaa', title: 'HIPAA (45 CFR part 164)',
    controls: [
      ['164.308-a-1-ii-d', 'Information system activity review'],
      ['164.308-a-4', 'Information access management'],
      ['164.308-a-5-ii-b', 'Protection from malicious software'],
      ['164.308-a-5-ii-c', 'Log-in monitoring'],
      ['164.308-a-6-ii', 'Response to and reporting of security incidents'],
      ['164.312-a-1', 'Access control'],
      ['164.312-b', 'Audit controls'],
      ['164.312-c-1', 'Integrity'],
      ['164.312-d', 'Person or entity authentication'],
      ['164.312-e-1', 'Transmission security'],
      ['164.404', 'Notification to individuals'],
      ['164.502-b', 'Minimum necessary'],
      ['164.502-e', 'Disclosures to business associates'],
    ],
  },
  {
    id: 'soc2', title: 'SOC 2 (trust services criteria 2017)',
    controls: [
      ['c1.1', 'Confidential information is identified and kept'],
      ['cc6.1', 'Logical access security'],
      ['cc6.2', 'Users are registered and authorised'],
      ['cc6.3', 'Access by role and least privilege'],
      ['cc6.6', 'Threats from outside of the boundaries'],
      ['cc6.7', 'Transmission, movement and removal of information'],
      ['cc6.8', 'Unauthorised or malicious software'],
      ['cc7.1', 'Changes of configuration and new vulnerabilities are detected'],
      ['cc7.2', 'Anomalies are monitored'],
      ['cc7.3', 'Security events are evaluated'],
      ['cc8.1', 'Changes are authorised'],
      ['cc9.2', 'Vendors and business partners'],
    ],
  },
  {
    id: 'pci-dss', title: 'PCI DSS 4.0.1',
    controls: [
      ['3.3.1', 'Sensitive authentication data is not kept'],
      ['3.5.1', 'PAN is unreadable wherever it is stored'],
      ['4.2.1', 'Strong cryptography for PAN in transmission'],
      ['4.2.2', 'PAN in end-user messaging'],
      ['6.3.1', 'Vulnerabilities are identified and managed'],
      ['6.4.2', 'Attacks on public web applications are detected and prevented'],
      ['6.4.3', 'Scripts of payment pages are authorised and kept intact'],
      ['6.5.1', 'Changes of system components'],
      ['7.2.1', 'Access control model'],
      ['7.2.6', 'Queries on stored cardholder data'],
      ['8.3.4', 'Invalid authentication attempts are limited'],
      ['8.6.2', 'Passwords of application accounts are not written into files'],
      ['10.2.1', 'Audit logs are on'],
      ['10.2.1.1', 'Access of individuals to cardholder data is logged'],
      ['10.2.1.2', 'Acts of administrators are logged'],
      ['10.2.1.4', 'Invalid access attempts are logged'],
      ['10.2.1.5', 'Changes of credentials are logged'],
      ['10.2.1.6', 'Stops and pauses of audit logs are logged'],
      ['10.4.1', 'Audit logs are reviewed'],
      ['10.7.2', 'Failures of security controls are detected'],
      ['11.5.1', 'Intrusions are detected'],
      ['11.5.2', 'Changes of files are detected'],
      ['11.6.1', 'Changes of payment pages are detected'],
      ['12.10.5', 'Alerts of monitoring are responded to'],
      ['12.10.7', 'PAN found where it is not expected is responded to'],
    ],
  },
  {
    id: 'gdpr', title: 'GDPR (Regulation (EU) 2016/679)',
    controls: [
      ['art.5', 'Principles of processing'],
      ['art.9', 'Special categories of data'],
      ['art.25', 'Protection by design and by default'],
      ['art.28', 'Processors'],
      ['art.32', 'Security of processing'],
      ['art.33', 'Notification of a breach to the authority'],
      ['art.34', 'Communication of a breach to the person'],
      ['art.44', 'Transfers to third countries'],
    ],
  },
  {
    id: 'nis2', title: 'NIS2 (Directive (EU) 2022/2555)',
    controls: [
      ['art.21', 'Cybersecurity risk management'],
      ['art.21-2-b', 'Incident handling'],
      ['art.21-2-d', 'Supply chain security'],
      ['art.21-2-e', 'Acquisition, development and maintenance, vulnerabilities'],
      ['art.21-2-h', 'Cryptography'],
      ['art.21-2-i', 'Access control and assets'],
      ['art.21-2-j', 'Multi-factor authentication'],
      ['art.23', 'Reporting of incidents'],
    ],
  },
  {
    id: 'dora', title: 'DORA (Regulation (EU) 2022/2554)',
    controls: [
      ['art.9', 'Protection and prevention'],
      ['art.10', 'Detection'],
      ['art.12', 'Backup and restoration'],
      ['art.17', 'Management of ICT incidents'],
      ['art.19', 'Reporting of major incidents'],
      ['art.28', 'ICT third-party risk'],
    ],
  },
  {
    id: 'iso27001', title: 'ISO/IEC 27001:2022, annex A',
    controls: [
      ['a.5.14', 'Information transfer'],
      ['a.5.15', 'Access control'],
      ['a.5.16', 'Identity management'],
      ['a.5.17', 'Authentication information'],
      ['a.5.21', 'Security in the ICT supply chain'],
      ['a.5.23', 'Use of cloud services'],
      ['a.5.25', 'Assessment of security events'],
      ['a.5.34', 'Privacy and protection of personal data'],
      ['a.8.2', 'Privileged access rights'],
      ['a.8.3', 'Restriction of access to information'],
      ['a.8.5', 'Secure authentication'],
      ['a.8.7', 'Protection against malware'],
      ['a.8.8', 'Technical vulnerabilities'],
      ['a.8.9', 'Configuration management'],
      ['a.8.12', 'Prevention of data leakage'],
      ['a.8.13', 'Backup'],
      ['a.8.15', 'Logging'],
      ['a.8.16', 'Monitoring'],
      ['a.8.19', 'Installation of software'],
      ['a.8.24', 'Use of cryptography'],
      ['a.8.26', 'Application security requirements'],
      ['a.8.32', 'Change management'],
    ],
  },
];

/** By the start of the class of a signature: what finding such data, or such an attack, serves. */
const OF_CLASSES: readonly (readonly [start: string, controls: readonly string[]])[] = [
  ['phi.', ['hipaa.164.312-b', 'hipaa.164.502-b', 'gdpr.art.9', 'iso27001.a.8.12', 'soc2.c1.1']],
  ['pii.', ['gdpr.art.5', 'gdpr.art.32', 'iso27001.a.5.34', 'soc2.c1.1']],
  ['fin.', ['gdpr.art.32', 'dora.art.10', 'iso27001.a.8.12']],
  ['pci.', ['pci-dss.3.5.1', 'pci-dss.12.10.7', 'iso27001.a.8.12']],
  ['secret.', ['soc2.cc6.1', 'pci-dss.8.6.2', 'iso27001.a.5.17']],
  ['canary.', ['soc2.cc7.2', 'iso27001.a.8.16', 'dora.art.10']],
  ['ip.', ['soc2.c1.1', 'iso27001.a.8.12']],
  ['attack.', ['soc2.cc6.6', 'pci-dss.6.4.2', 'pci-dss.11.5.1', 'nis2.art.21-2-e', 'dora.art.10', 'iso27001.a.8.16']],
];

const TITLES: ReadonlyMap<string, string> = new Map(FRAMEWORKS.flatMap(({ id, controls }) => controls.map(([name, title]) => [`${id}.${name}`, title] as const)));

/** All tags of known controls. */
export const CONTROLS: readonly string[] = [...TITLES.keys()];

/** Tags that name a known control. */
export function controlsOfTags(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => TITLES.has(tag));
}

/** Tags in the namespace of a framework that has no such control. */
export function unknownControls(tags: readonly string[]): readonly string[] {
  return tags.filter((tag) => !TITLES.has(tag) && FRAMEWORKS.some(({ id }) => tag.startsWith(`${id}.`)));
}

export function controlsOfClass(dataClass: string): readonly string[] {
  return OF_CLASSES.flatMap(([start, controls]) => (dataClass.startsWith(start) ? controls : []));
}
