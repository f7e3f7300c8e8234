import type { Span, Validator } from '../validators/span.ts';
import { WINDOW_UNITS } from './parameter.ts';

/** What a form that makes an account holds beside the role. */
const ACCOUNT = /(?:user_?(?:login|name|email|pass)|username|email|password|pass\d?|register|signup|sign_up|action|um_request|first_name)["']?(?:=|%3d|["'\]]|[\t ]*:)/i;
/** The site's own screens prove themselves by a nonce. */
const OWN_SCREEN = /_wpnonce|_wp_http_referer|\bnonce\b/i;
const FILE_EDITOR = /^action=edit-theme-plugin-file&|&action=edit-theme-plugin-file&|^(?:nonce|_wpnonce)=\w+&[^]{0,200}newcontent=/;

function around(text: string, span: Span): string {
  return text.slice(Math.max(0, span.start - WINDOW_UNITS), span.end + WINDOW_UNITS);
}

/** Takes a role in a form that makes or changes an account; leaves the site's own screens and filters of lists. */
export const roleRequest: Validator = (text: string, span: Span): Span | undefined => {
  const near = around(text, span);
  return ACCOUNT.test(near) && !OWN_SCREEN.test(near) ? span : undefined;
};

/** Takes what the site's own screens did not send: what they send bears a nonce. */
export const outsideScreens: Validator = (text: string, span: Span): Span | undefined => (OWN_SCREEN.test(around(text, span)) ? undefined : span);

/** Leaves the code that WordPress' own file editor saves: that a file was edited is told by its own event. */
export const outsideEditor: Validator = (text: string, span: Span, field: string): Span | undefined => (field === 'http.request.body.content' && FILE_EDITOR.test(text.slice(0, span.start + 1)) ? undefined : span);

const NOTICE = /^\s*(?:\[[^\]]{0,64}\]\s*)?PHP (?:Warning|Notice|Fatal error|Parse error|Deprecated|Stack trace|Recoverable)/;

/** Leaves what PHP itself says of its own streams in a log. */
export const outsideNotices: Validator = (text: string, span: Span, field: string): Span | undefined => (field === 'message' && NOTICE.test(text.slice(0, 128)) ? undefined : span);
