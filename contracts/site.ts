import type { SignedCommand } from './command.ts';
import { isName } from './names.ts';

/**
 * The register of sites: records on the log's registry stream under `site/<name>/<what>`, folded in order by every
 * gateway. Secrets stand here only as SHA-256 (hex) of 32 random bytes, which need no slow hash.
 */
export type SiteRecord =
  | { readonly type: 'site'; readonly site: string; readonly at: number }
  /** A one-time enrolment secret. `replaces`: keys pinned before are no longer accepted for new blocks. */
  | { readonly type: 'enrolment'; readonly site: string; readonly at: number; readonly secret_hash: string; readonly replaces: boolean }
  /** First contact: the shipper's public key (base64url). The first for an enrolment wins (claimed). */
  | {
    readonly type: 'pin'; readonly site: string; readonly at: number; readonly secret_hash: string; readonly key: string;
    /** Of a shipper that takes orders: its X25519 public key (base64url), and SHA-256 (hex) of what it shows to fetch them. */
    readonly box?: { readonly key: string; readonly mailbox_hash: string };
  }
  /** A successor key, certified by the one before. */
  | { readonly type: 'successor'; readonly site: string; readonly at: number; readonly key: string; readonly by: string; readonly stream: string; readonly epoch: number; readonly first_seq: number }
  /** The ingest key of plain shippers; the newest counts. */
  | { readonly type: 'ingest_key'; readonly site: string; readonly at: number; readonly key_hash: string }
  /** A token key of the site, sealed to a box (`sealLetter`). */
  | { readonly type: 'letter'; readonly site: string; readonly at: number; readonly box_key: string; readonly key_epoch: number; readonly sealed: string }
  /** Claimed by its counter. */
  | { readonly type: 'command'; readonly site: string; readonly at: number; readonly command: SignedCommand };

/**
 * What an owner pastes into a shipper: `tq1.<site>.<secret base64url>.<gateway URL base64url>`. A site's name may hold
 * dots, so it is read from both ends.
 */
export function formatEnrolment(site: string, secret: string, gatewayUrl: string): string {
  return `tq1.${site}.${secret}.${Buffer.from(gatewayUrl).toString('base64url')}`;
}

export function parseEnrolment(line: string): { readonly site: string; readonly secret: string; readonly gatewayUrl: string } | undefined {
  const parts = line.trim().split('.');
  const gatewayUrl = Buffer.from(parts.at(-1) ?? '', 'base64url').toString();
  const secret = parts.at(-2) ?? '';
  const site = parts.slice(1, -2).join('.');
  return parts[0] === 'tq1' && isName(site) && /^[A-Za-z0-9_-]{43}$/.test(secret) && URL.canParse(gatewayUrl) ? { site, secret, gatewayUrl } : undefined;
}
