/** Names of sites and streams: they are partition keys, SQL values, file names and parts of signed text. */

/** Lower-case letters, digits, dot, dash, underscore; starts with a letter or digit; at most 64 bytes. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** The product's own site: its acts are events of this site. No shipper may write to it, nor to a stream whose name begins so. */
export const SYSTEM_SITE = '_system';

/** The site whose tree is the deployment's log: each line names the checkpoints that one tick published. What witnesses cosign. */
export const DEPLOYMENT_SITE = '_deployment';

/** A site of a shipper, or one of our own. */
export function isSite(text: unknown): text is string {
  return isName(text) || text === SYSTEM_SITE || text === DEPLOYMENT_SITE;
}

export function isName(text: unknown): text is string {
  return typeof text === 'string' && NAME.test(text);
}

/** What a wrong name's error says after "site" or "stream". */
export const NAME_RULE = 'must be 1 to 64 of a-z 0-9 . _ - and start with a letter or digit';
