import { corpusRows } from '../../../contracts/reference-data.ts';

export type Family = 'AI' | 'payment and shop' | 'cloud' | 'mail and messaging' | 'developer' | 'keys' | 'generic';

/** A text that holds a secret, or one that a rule of gitleaks takes for none. */
export interface SecretRow {
  readonly rule: string;
  readonly family: Family;
  readonly text: string;
  readonly holdsSecret: boolean;
}

const FAMILIES: readonly (readonly [Family, RegExp])[] = [
  ['AI', /^(?:anthropic|cohere|huggingface|openai-|perplexity|privateai)/],
  ['payment and shop', /^(?:stripe|square-|plaid|flutterwave|gocardless|shippo|easypost|duffel|lob|coinbase|kraken|kucoin|bittrex|finicity|finnhub|etsy|squarespace|freshbooks|shopify|freemius)/],
  ['cloud', /^(?:aws|gcp|azure|digitalocean|cloudflare|heroku|alibaba|databricks|fastly|flyio|netlify|planetscale|pulumi|vault|hashicorp-tf-api|yandex|scalingo|openshift|okta|confluent|clickhouse|contentful|jfrog|artifactory|harness|infracost|prefect|settlemint|defined|adobe|authress|cisco|maxmind)/],
  ['mail and messaging', /^(?:sendgrid|mailgun|mailchimp|sendinblue|twilio|slack|discord|telegram|messagebird|mattermost|gitter|facebook|twitter|linkedin|hubspot|intercom|zendesk|typeform|beamer|sendbird|microsoft|twitch|flickr)/],
  ['keys', /^(?:private-key|age-|jwt|gitlab-session)/],
  ['generic', /^(?:generic|curl|hashicorp-tf-password|nuget|sidekiq)/],
];

/** Rules left out, with the reason. */
const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['asana-client-id', 'discord-client-id', 'adobe-client-id', 'linkedin-client-id', 'bitbucket-client-id', 'looker-client-id', 'plaid-client-id', 'messagebird-client-id', 'sumologic-access-id', 'sendbird-access-id', 'new-relic-user-api-id', 'lob-pub-api-key', 'flutterwave-public-key', 'mailgun-pub-key'].map((rule) => [rule, 'an identifier or a publishable key opens nothing'])),
  'pkcs12-file': 'the file name tells, and no line of a log holds the file',
  'kubernetes-secret-yaml': 'any value of a manifest of that kind; a site sends no manifests',
};

/** Rules whose counterexamples are the same text in a file of another name, or a secret of a sibling rule. */
const ONLY_POSITIVES = /^(?:freemius|hashicorp-tf-password|nuget|cloudflare)/;

/** A row of digits and letters that nobody issued, in 31 rows of SonarQube: the allow-list of placeholders is to leave it. */
const MADE_UP = /12345678ABCDEFH1234567890ABCDEFH12345678/;

interface Row {
  readonly rule: string;
  readonly text_base64: string;
  readonly expected: 'match' | 'no_match';
}

/** Rows of the corpus within scope and how many were left out; undefined when the corpus is not here. */
export function gitleaksRows(): { readonly rows: readonly SecretRow[]; readonly leftOut: number } | undefined {
  // Shape as the corpus' README states it.
  const given = corpusRows('secrets/gitleaks/gitleaks.ndjson') as readonly Row[] | undefined;
  if (given === undefined) return undefined;
  const rows = given.flatMap(({ rule, text_base64, expected }): readonly SecretRow[] => {
    const text = Buffer.from(text_base64, 'base64').toString();
    const holdsSecret = expected === 'match';
    if (Object.hasOwn(OUT_OF_SCOPE, rule) || MADE_UP.test(text) || (!holdsSecret && ONLY_POSITIVES.test(rule))) return [];
    return [{ rule, family: FAMILIES.find(([, rules]) => rules.test(rule))?.[0] ?? 'developer', text, holdsSecret }];
  });
  return { rows, leftOut: given.length - rows.length };
}
