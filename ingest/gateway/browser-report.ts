import { redactedAddress } from './redacted-text.ts';
import type { RedactedAddress } from './redacted-text.ts';

/**
 * What browsers report of a site's pages: violations of a Content-Security-Policy (CSP Level 3 section 5, as
 * `report-uri` and as the Reporting API send them) and the plugin's own inventory of scripts. Anybody may send them, so
 * they are claims. Samples of scripts, referrers, policies and whole addresses are never read.
 */
export interface BrowserReport {
  readonly action: 'csp-violation' | 'script-seen';
  /** False when the browser refused what it reports. */
  readonly loaded: boolean;
  readonly page: RedactedAddress;
  readonly script: {
    readonly host?: string;
    readonly path?: string;
    /** Whether the site's own inventory holds it. */
    readonly known?: boolean;
    /** Whether it listens to what is typed into forms. */
    readonly fields?: boolean;
  };
  readonly report: { readonly type: 'report-uri' | 'reporting-api' | 'inventory'; readonly directive?: string; readonly disposition?: string; readonly blocked?: string };
}

export const MOST_REPORTS = 20;

type Fields = Partial<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Undefined when it is none of the three shapes; empty when nothing of it matters to us. */
export function readReports(body: string): readonly BrowserReport[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return value.slice(0, MOST_REPORTS).flatMap((one) => reportingApiReport(fieldsOf(one)));
  const { 'csp-report': csp, scripts, page } = fieldsOf(value);
  if (csp !== undefined) return reportUriReport(fieldsOf(csp));
  return Array.isArray(scripts) ? inventoryReports(page, scripts.slice(0, MOST_REPORTS)) : undefined;
}

function reportUriReport(csp: Fields): readonly BrowserReport[] {
  return violation('report-uri', csp['document-uri'], csp['blocked-uri'], csp['effective-directive'] ?? csp['violated-directive'], csp['disposition'], csp['source-file']);
}

function reportingApiReport({ type, url, body }: Fields): readonly BrowserReport[] {
  const csp = fieldsOf(body);
  return type === 'csp-violation' ? violation('reporting-api', csp['documentURL'] ?? url, csp['blockedURL'], csp['effectiveDirective'], csp['disposition'], csp['sourceFile']) : [];
}

/** A word of a list that only grows with the standard. */
function wordOf(text: unknown): string | undefined {
  return typeof text === 'string' ? /^[a-z][a-z-]{0,39}(?= |$)/.exec(text)?.[0] : undefined;
}

function violation(type: 'report-uri' | 'reporting-api', pageUrl: unknown, blocked: unknown, directiveText: unknown, dispositionText: unknown, source: unknown): readonly BrowserReport[] {
  const page = redactedAddress(pageUrl);
  const directive = wordOf(directiveText);
  // Extensions of a visitor's browser are no business of the site.
  if (page === undefined || directive === undefined || [blocked, source].some((one) => typeof one === 'string' && /^[a-z-]*-extension\b/.test(one))) return [];
  const address = redactedAddress(blocked);
  const keyword = address === undefined ? wordOf(blocked) : undefined;
  const disposition = dispositionText === 'enforce' ? 'enforce' : 'report';
  return [{
    action: 'csp-violation', loaded: disposition === 'report', page, script: address ?? {},
    report: { type, directive, disposition, ...(keyword === undefined ? {} : { blocked: keyword }) },
  }];
}

function inventoryReports(pageUrl: unknown, scripts: readonly unknown[]): readonly BrowserReport[] {
  const page = redactedAddress(pageUrl);
  if (page === undefined) return [];
  return scripts.flatMap((one) => {
    const { src, known, fields } = fieldsOf(one);
    const address = redactedAddress(src);
    if (address === undefined) return [];
    const script = { ...address, ...(typeof known === 'boolean' ? { known } : {}), ...(typeof fields === 'boolean' ? { fields } : {}) };
    return [{ action: 'script-seen', loaded: true, page, script, report: { type: 'inventory' } }] as const;
  });
}

/** The line of an event, as it is stored. */
export function reportLine({ action, loaded, page, script, report }: BrowserReport, nowMs: number): string {
  return JSON.stringify({
    '@timestamp': new Date(nowMs).toISOString(),
    event: { kind: 'event', category: 'http', action, outcome: loaded ? 'success' : 'failure', dataset: 'browser.report' },
    url: { domain: page.host, path: page.path },
    wordpress: { script, report },
  });
}
