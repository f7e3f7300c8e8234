/** Signatures the plugin carries, by the ends of their ids; the others need what PHP lacks, or a field of an event. */
export const CARRIED: readonly string[] = [
  'identity.email', 'identity.phone', 'identity.phone-bracketed', 'identity.phone-national', 'identity.us-ssn', 'identity.us-ssn-named', 'identity.iban', 'identity.iban-named',
  'identity.birth-date', 'identity.person-name-labelled', 'identity.address', 'identity.passport-zone-name', 'identity.passport', 'identity.driving-licence',
  'identity.at-svnr', 'identity.be-rijksregister', 'identity.be-rijksregister-grouped', 'identity.ch-ahv', 'identity.de-pension', 'identity.de-tax-id', 'identity.de-tax-id-grouped', 'identity.de-identity-card',
  'identity.dk-cpr', 'identity.es-nif', 'identity.fi-hetu', 'identity.fr-nir', 'identity.gb-nino', 'identity.it-codice-fiscale', 'identity.nl-bsn', 'identity.no-fodselsnummer', 'identity.pl-pesel',
  'identity.pt-nif', 'identity.se-personnummer', 'identity.se-personnummer-named', 'identity.br-cpf', 'identity.br-cpf-grouped', 'identity.ca-sin', 'identity.in-aadhaar', 'identity.in-aadhaar-named',
  'payment.card', 'payment.short-card', 'payment.track', 'payment.cvv', 'payment.bank-routing', 'payment.bank-account', 'payment.sort-code', 'payment.bank-branch',
  'health.mrn', 'health.npi', 'health.dea', 'health.dea-label', 'health.mbi', 'health.mbi-context', 'health.hicn', 'health.medicaid', 'health.nhs-number', 'health.nhs-number-context', 'health.kvnr',
  'health.au-medicare', 'health.icd10', 'health.icd10-note', 'health.icd10-named', 'health.ndc', 'health.procedure-code', 'health.fhir-reference',
  'health.diagnosis', 'health.condition', 'health.own-condition', 'health.patient-with', 'health.diagnosis-german', 'health.diagnosed-german', 'health.diagnosis-romance', 'health.prescription', 'health.prescription-note', 'health.takes', 'health.dose',
  'secrets.openai', 'secrets.anthropic', 'secrets.sk-compatible', 'secrets.hugging-face', 'secrets.groq', 'secrets.xai', 'secrets.replicate', 'secrets.perplexity', 'secrets.pinecone', 'secrets.eleven-labs',
  'secrets.aws-access-key', 'secrets.aws-secret-key', 'secrets.aws-session', 'secrets.aws-bedrock', 'secrets.google', 'secrets.google-oauth', 'secrets.google-service-account', 'secrets.azure-storage', 'secrets.azure-sas',
  'secrets.digital-ocean', 'secrets.cloudflare', 'secrets.github', 'secrets.gitlab', 'secrets.atlassian', 'secrets.npm', 'secrets.shopify', 'secrets.private-key', 'secrets.jwt', 'secrets.wordpress-salt',
  'secrets.wordpress-cookie', 'secrets.woocommerce', 'secrets.basic-auth', 'secrets.bearer', 'secrets.sendgrid', 'secrets.mailgun', 'secrets.mailchimp', 'secrets.brevo', 'secrets.twilio', 'secrets.slack', 'secrets.chat-webhook',
  'secrets.telegram', 'secrets.meta', 'secrets.hubspot', 'secrets.stripe', 'secrets.stripe-test', 'secrets.stripe-webhook', 'secrets.square', 'secrets.braintree', 'secrets.adyen', 'secrets.mollie', 'secrets.klarna',
  'secrets.database-url', 'secrets.url-credentials', 'secrets.password-hash', 'secrets.reset-key', 'secrets.db-password', 'secrets.password-parameter', 'secrets.password-told', 'secrets.generic',
];
