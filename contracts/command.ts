import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isName } from './names.ts';

/**
 * What a site's plugin is told to do, signed by the `respond` role's Ed25519 key, which the plugin pinned at enrolment. The
 * plugin fetches commands from the gateway (`GET /v1/orders`), so no port of a site has to be open. Vectors: `vectors/command.json`.
 */
export interface Command {
  readonly v: 1;
  readonly site: string;
  /** From 1, one more for each command of the site. A site takes none twice and none below the highest it took. */
  readonly counter: number;
  readonly action: CommandAction;
  /** What it is about, see `TARGETS`; for `set-policy` the policy as canonical JSON. One line, at most 4,096 bytes. */
  readonly target: string;
  /** `dry-run`: the plugin says what it would do. A plugin in dry-run does so for `enforce`, too. */
  readonly mode: 'dry-run' | 'enforce';
  /** Unix ms. */
  readonly issued_at: number;
  /** Unix ms: not begun later than this. At most a day after `issued_at`. */
  readonly expires_at: number;
  /** Seconds after which the plugin undoes it by itself; 0 for what cannot be undone or is to stay. */
  readonly lasts_s: number;
  /** Counter of the command that an `undo` takes back; 0 otherwise. */
  readonly undoes: number;
  /** Why, for people: one line, at most 256 characters, no personal data. */
  readonly reason: string;
}

export interface SignedCommand extends Command {
  /** The key that signed, 32 bytes as base64url, and its signature over `commandText`, 64 bytes as base64url. */
  readonly key: string;
  readonly signature: string;
}

/** What `target` names. */
export const TARGETS = {
  /** A login, or the token that names an account on the log. Its sessions end; it logs in again only after an undo or the time limit. */
  'suspend-sessions': 'account',
  /** UUID of an application password. Cannot be undone. */
  'revoke-application-password': 'uuid',
  /** Number of a WooCommerce REST key, as `wordpress.key.id` has it (`wc:7`). */
  'revoke-api-key': 'key',
  /** Slug of a plugin. */
  'disable-plugin': 'plugin',
  /** A REST route or path by its start: `/wp-json/wc/v3/customers`, `/wp-admin/export.php`. */
  'block-route': 'route',
  /** An address or network: `192.0.2.7`, `2001:db8::/48`. */
  'block-address': 'network',
  /** A host that the site may no longer call, with all below it: `telemetry.example`. */
  'block-host': 'host',
  /** Empty. No export, by screen, REST or WP-CLI. */
  'exports-off': 'nothing',
  /** Empty, or what to capture: `plugins,sessions,changes,cron,administrators,debug-log`. */
  'capture-forensics': 'parts',
  /** Empty. */
  undo: 'nothing',
  'set-policy': 'policy',
} as const;

export type CommandAction = keyof typeof TARGETS;

export const COMMAND_ACTIONS = Object.keys(TARGETS) as readonly CommandAction[];

/** Of `expires_at` after `issued_at`. */
export const LONGEST_WAIT_MS = 24 * 3_600_000;
/** Of `lasts_s`. */
export const LONGEST_LASTS_S = 30 * 86_400;

/** The text that is signed: one value a line, so that any language can build it. */
export function commandText(c: Command): string {
  return ['tourniquet/command/v1', c.site, c.counter, c.action, c.target, c.mode, c.issued_at, c.expires_at, c.lasts_s, c.undoes, c.reason, ''].join('\n');
}

/** `key`: the public half of `privateKey` as base64url. */
export function signCommand(command: Command, key: string, privateKey: KeyObject): SignedCommand {
  const problem = commandProblem(command);
  if (problem !== undefined) throw new TypeError(problem);
  return { ...command, key, signature: sign(null, Buffer.from(commandText(command)), privateKey).toString('base64url') };
}

export function commandHolds(command: SignedCommand, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(commandText(command)), publicKey, Buffer.from(command.signature, 'base64url'));
}

/** No controls, no separators of lines, no half characters, nothing that turns the direction of writing around. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u;

/** What is wrong with it, by field; undefined when nothing is. */
export function commandProblem(c: Command): string | undefined {
  if (c.v !== 1) return 'v must be 1';
  if (!isName(c.site)) return 'site must be the name of a site';
  for (const [name, least] of [['counter', 1], ['issued_at', 0], ['expires_at', 0], ['lasts_s', 0], ['undoes', 0]] as const) {
    if (!Number.isSafeInteger(c[name]) || c[name] < least) return `${name} must be an integer from ${least}`;
  }
  if (!COMMAND_ACTIONS.includes(c.action)) return `action must be one of ${COMMAND_ACTIONS.join(', ')}`;
  if (!ONE_LINE.test(c.target) || Buffer.byteLength(c.target) > 4096) return 'target must be one line of at most 4,096 bytes';
  if ((TARGETS[c.action] === 'nothing') !== (c.target === '') && TARGETS[c.action] !== 'parts') return TARGETS[c.action] === 'nothing' ? `${c.action} takes no target` : `${c.action} needs a target: ${TARGETS[c.action]}`;
  if (c.mode !== 'dry-run' && c.mode !== 'enforce') return 'mode must be dry-run or enforce';
  if (c.expires_at <= c.issued_at || c.expires_at - c.issued_at > LONGEST_WAIT_MS) return 'expires_at must be after issued_at, by at most a day';
  if (c.lasts_s > LONGEST_LASTS_S) return 'lasts_s must be at most 30 days';
  if ((c.action === 'undo') !== (c.undoes > 0)) return 'undoes names a command for undo, and is 0 otherwise';
  if (!ONE_LINE.test(c.reason) || [...c.reason].length > 256 || c.reason === '') return 'reason must be one line of 1 to 256 characters';
  return undefined;
}

const TEXTS = ['site', 'action', 'target', 'mode', 'reason', 'key', 'signature'] as const;
const FIELDS: readonly string[] = ['v', 'counter', 'issued_at', 'expires_at', 'lasts_s', 'undoes', ...TEXTS];
const B64_32 = /^[A-Za-z0-9_-]{43}$/;
const B64_64 = /^[A-Za-z0-9_-]{86}$/;

/** A well-formed command with a signature of the right length, or undefined. Whether it holds is another question. */
export function parseSignedCommand(value: unknown): SignedCommand | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).some((name) => !FIELDS.includes(name))) return undefined;
  const fields: Partial<Record<string, unknown>> = { ...value };
  if (TEXTS.some((name) => typeof fields[name] !== 'string')) return undefined;
  // Texts are texts; `commandProblem` looks at the numbers and at what the texts say.
  const command = fields as unknown as SignedCommand;
  return B64_32.test(command.key) && B64_64.test(command.signature) && commandProblem(command) === undefined ? command : undefined;
}

/** Why a site does not take a command; it says so on the log as `event.reason`. In the order in which they are looked at. */
export const REFUSALS = ['malformed', 'wrong-site', 'unknown-key', 'bad-signature', 'expired', 'replayed'] as const;
export type CommandRefusal = (typeof REFUSALS)[number];

export interface CommandReader {
  readonly site: string;
  /** The pinned key, 32 bytes as base64url. */
  readonly key: string;
  readonly publicKey: KeyObject;
  readonly highestCounter: number;
  readonly nowMs: number;
}

/** What every site's plugin decides before it looks at what a command asks for: undefined when it is to be taken. */
export function refusalOf(value: unknown, reader: CommandReader): CommandRefusal | undefined {
  const command = parseSignedCommand(value);
  if (command === undefined) return 'malformed';
  if (command.site !== reader.site) return 'wrong-site';
  if (command.key !== reader.key) return 'unknown-key';
  if (!commandHolds(command, reader.publicKey)) return 'bad-signature';
  if (reader.nowMs >= command.expires_at) return 'expired';
  return command.counter <= reader.highestCounter ? 'replayed' : undefined;
}
