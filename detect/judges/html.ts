import type { Span, Validator } from '../validators/span.ts';
import { tagAt } from './html-tag.ts';
import type { Attribute, Tag } from './html-tag.ts';
import { isCode, scriptAt } from './script.ts';
import { isScriptUrl, runsAsScript } from './script-url.ts';

/** Attributes that hold an address. */
const ADDRESSES = /^(?:href|src|action|formaction|data|background|poster|lowsrc|dynsrc|from|to|values|by|code|codebase|content|cite|classid|longdesc|profile|usemap|manifest|icon|archive|folder|ping|srcset|xml:base|value|url|implementation|filter|[\w-]+:href)$/;
/** Words that begin like an event. */
const NO_EVENT = /^on(?:line|going|board\w*|set|ward|ly|ce|sale|stock|tology|site|demand|behalf|hand|button|tario|day|time)$/;
const EVENT = /^on(?:abort|activate|afterprint|afterscriptexecute|afterupdate|animation\w+|audio\w+|auxclick|before\w+|begin|blur|bounce|cancel|canplay\w*|cellchange|change|click|close|contextmenu|contentvisibility\w+|controlselect|copy|cuechange|cut|data\w+|dblclick|deactivate|drag\w*|drop|durationchange|emptied|end|ended|error\w*|filterchange|finish|focus\w*|formdata|formchange|forminput|fullscreen\w+|gesture\w+|gotpointercapture|hashchange|help|input|invalid|key(?:down|press|up)|language\w+|layoutcomplete|load\w*|losecapture|lostpointercapture|media\w+|message\w*|mouse\w+|move\w*|mozfullscreen\w*|offline|online|orientation\w+|outofsync|page(?:hide|show|reveal|swap)|paste|pause|play\w*|pointer\w+|popstate|progress|propertychange|ratechange|readystatechange|rejectionhandled|repeat|reset|resize\w*|resume|reverse|row\w+|scroll\w*|search|securitypolicyviolation|seek\w*|select\w*|show|slotchange|stalled|start|stop|storage|submit|suspend|sync\w*|timeerror|timeupdate|toggle|touch\w+|trackchange|transition\w+|undo|unhandledrejection|unload|urlflip|volumechange|waiting|webkit\w+|wheel|zoom)$/;
/** Style that loads or runs something. */
const ACTIVE_STYLE = /expression[\s]*\(|-moz-binding|behaviou?r[\s]*:|javascript:|vbscript:|@import|-o-link|\\[0-9a-f]{2,6}/i;
/** Tags that nobody types into a parameter. */
const FOREIGN = /^(?:script|noscript|iframe|frame|frameset|embed|object|applet|meta|base|link|style|svg|math|layer|ilayer|marquee|xml|xss|bgsound|isindex|textarea|input|button|form|image|keygen|title|xmp|plaintext|template|noembed|noframes|animate|animatetransform|animatemotion|set|foreignobject|use|vmlframe|html|body|head|dialog|portal|listing|import|slot|option|select|track|param)$/;
/** Of these, what no editor writes either. */
const STRANGE = /^(?:xml|xss|frameset|isindex|bgsound|i?layer|plaintext|xmp|image|portal|meta|link|base|import|title|textarea|noembed|noframes|keygen)$/;
/** Tags that hold another page. */
const HOLDING = /^(?:object|embed|i?frame)$/;
const EMBEDDED = /^(?:https?:)?\/\/[\w.-]+\.[a-z]{2,}(?:[/?#]|$)/i;
const SHEET = /^(?:stylesheet|import|preload|prefetch|manifest)$/i;

/** Only what an editor's HTML would not hold counts there. */
const EDITED = /^(?:http\.request\.body\.content|wordpress\.(?:form|comment|post)\b.*|woocommerce\.(?:order\.note|product\b.*)|message)$/;

function valueOf({ attributes }: Tag, name: string): string | undefined {
  return attributes.find((attribute) => attribute.name === name)?.value;
}

function isHandler({ name, value }: Attribute): boolean {
  return value !== undefined && (EVENT.test(name) || (/^on[a-z]{5,32}$/.test(name) && !NO_EVENT.test(name)) || (/^on[a-z]{3,}/.test(name) && isCode(value)));
}

/** An attribute by which the browser runs something. */
function isActive(attribute: Attribute): boolean {
  const { name, value = '' } = attribute;
  return isHandler(attribute) || name === 'srcdoc' || name === 'datasrc' || name === 'dataformatas' || (ADDRESSES.test(name) && runsAsScript(value)) || (name === 'style' && ACTIVE_STYLE.test(value));
}

const MOST_DATA_UNITS = 4096;
const DATA_TYPE = /^application\/(?:ld[+ ])?json$/i;

/** A script's end tag without its begin breaks out of one; that of a data block does not. */
function isScript(tag: Tag, text: string, start: number): boolean {
  if (!tag.closes) return tag.name === 'script' && !DATA_TYPE.test(valueOf(tag, 'type') ?? '');
  const open = text.slice(Math.max(0, start - MOST_DATA_UNITS), start).toLowerCase().lastIndexOf('<script');
  return open < 0 || !DATA_TYPE.test(valueOf(tagAt(text, Math.max(0, start - MOST_DATA_UNITS) + open), 'type') ?? '');
}

/** What runs wherever it stands. */
function runs(tag: Tag, text: string, start: number): boolean {
  if (tag.attributes.some(isActive)) return true;
  switch (tag.name) {
    case 'script':
      return isScript(tag, text, start);
    case 'style':
      return !tag.closes && ACTIVE_STYLE.test(text.slice(tag.end, tag.end + 256).replace(/<\/[^]*/, ''));
    case 'meta':
      return valueOf(tag, 'http-equiv') !== undefined;
    case 'base': case 'applet': case 'bgsound': case 'isindex': case 'vmlframe': case 'xss': case 'layer': case 'ilayer':
      return !tag.closes;
    case 'link':
      return SHEET.test(valueOf(tag, 'rel') ?? '') || runsAsScript(valueOf(tag, 'href') ?? '');
    case 'object': case 'embed': case 'iframe': case 'frame': {
      const address = tag.attributes.find(({ name }) => name === (tag.name === 'object' ? 'data' : 'src'));
      return !tag.closes && address?.value !== undefined && (!address.quoted || (!EMBEDDED.test(address.value) && !/^\/(?!\/)|^blob:|^about:blank$/.test(address.value)));
    }
    default:
      return false;
  }
}

/** `<!-- wp:paragraph -->` and `<!--more-->` are the editor's own. */
function isForeignComment(text: string, start: number): boolean {
  return /^<!(?:--(?! ?\/?(?:wp:|more|nextpage|#|\[if))|\[cdata\[)/i.test(text.slice(start, start + 24));
}

/** Written with care: attributes in quotes, an end; or the end of a tag that began before. Pages are quoted so, attacks seldom. */
function isTidy(tag: Tag, text: string, start: number): boolean {
  if (tag.closes) return text.slice(Math.max(0, start - MOST_DATA_UNITS), start).toLowerCase().includes(`<${tag.name}`);
  return text.charAt(tag.end) === '>' && tag.attributes.length > 0 && tag.attributes.every(({ quoted }) => quoted) && (tag.name === 'link' || !(STRANGE.test(tag.name) || HOLDING.test(tag.name)));
}

/** A tag that is active, or that nobody sends in an address. */
const tag: Validator = (text, span, field) => {
  const found = tagAt(text, span.start);
  // Behind white space a browser sees no tag; lenient filters do when it goes on as one.
  if (text.charAt(span.start + 1) === ' ' && text.charAt(found.end) !== '>' && found.attributes.every(({ value }) => value === undefined)) return undefined;
  if (runs(found, text, span.start)) return span;
  if (text.charAt(span.start + 1) === ' ') return undefined;
  if (EDITED.test(field)) return STRANGE.test(found.name) ? span : undefined;
  return (FOREIGN.test(found.name) && !isTidy(found, text, span.start) && (found.name !== 'script' || isScript(found, text, span.start))) || isForeignComment(text, span.start) ? span : undefined;
};

const MOST_BEFORE_UNITS = 512;

function inTag(text: string, name: number): boolean {
  let open = text.lastIndexOf('<', name);
  // A stray sign in a value may stand between.
  for (let tries = 0; tries < 3 && open >= 0 && open > name - MOST_BEFORE_UNITS; tries++) {
    if (tagAt(text, open).attributes.some((attribute) => attribute.start === name && isHandler(attribute))) return true;
    open = text.lastIndexOf('<', open - 1);
  }
  return false;
}

/** White space or a quote at the beginning of a value. */
const BEGINS = /(?:^|[=?&])(?:["'][\0-\x20]*|[\0-\x20]+)$/;

/** An event's attribute: in a tag; behind a quote that ends an attribute; or with code as its value. */
const handler: Validator = (text, span) => {
  const found = text.slice(span.start, span.end);
  const name = span.start + found.search(/on/i);
  const event = /^on\w+/i.exec(text.slice(name, name + 48))?.[0].toLowerCase() ?? '';
  if (inTag(text, name)) return span;
  if (NO_EVENT.test(event)) return undefined;
  if (EVENT.test(event) && BEGINS.test(text.slice(Math.max(0, name - 8), name))) return span;
  const code = isCode(text.slice(span.end, span.end + 96));
  const parted = /["'`>/]/.test(text.charAt(span.start));
  const given = parted && /^[\s]*[^\s&"',;]/.test(text.slice(span.end, span.end + 8));
  return (EVENT.test(event) && (code || given)) || (parted && code) ? span : undefined;
};

/** A quote and the end of a tag that began before the value did, then a tag. */
const breakout: Validator = (text, span) => {
  const from = Math.max(0, span.start - MOST_BEFORE_UNITS);
  const before = text.slice(from, span.start);
  return before.includes('<') || (from > 0 && !/[=&?]/.test(before)) ? undefined : span;
};

const address: Validator = (text, span) => {
  const colon = span.end - 1;
  return isScriptUrl(text, span.start, colon) || (/^d/i.test(text.charAt(span.start)) && runsAsScript(text.slice(span.start, span.end + 32))) ? span : undefined;
};

const script: Validator = (text: string, span: Span): Span | undefined => (scriptAt(text, span) ? span : undefined);

/** By the name a signature gives. */
export const HTML_JUDGES: Readonly<Record<string, Validator>> = {
  'html-tag': tag,
  'html-breakout': breakout,
  'html-handler': handler,
  'html-address': address,
  'html-script': script,
};
