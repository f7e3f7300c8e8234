import { COMMAND_ACTIONS, LONGEST_LASTS_S, LONGEST_WAIT_MS } from '../../contracts/command.ts';
import type { CommandAction, SignedCommand } from '../../contracts/command.ts';
import { issueCommand, WITHOUT_UNDO } from '../../respond/orders/issue-command.ts';
import type { Wish } from '../../respond/orders/issue-command.ts';
import { suggestion } from '../config/problems.ts';
import { withCommandDesk } from '../command-desk.ts';
import type { CommandDesk } from '../command-desk.ts';
import { UsageError } from '../usage-error.ts';
import { durationS } from './duration.ts';
import { listCommands } from './list-commands.ts';

export interface ContainOptions {
  readonly reason?: string;
  readonly enforce?: true;
  readonly lasts?: string;
  readonly expires: string;
  readonly undo?: string;
  readonly list?: true;
  readonly json?: true;
}

const LASTS = '4h';

/** Tells a site's plugin what to do, or lists what it was told. Only whoever holds the command key can. */
export async function contain(site: string, action: string | undefined, target: string | undefined, options: ContainOptions): Promise<number> {
  if (options.list === true) return listCommands(site, options.json === true);
  const wish = wishOf(site, action, target, options);
  const { command, warning } = await withCommandDesk(site, async (desk) => ({ command: await issueCommand(desk.issuing, wish), warning: warningOf(desk) }));
  if (warning !== '') process.stderr.write(`${warning}\n`);
  process.stdout.write(options.json === true ? `${JSON.stringify(command)}\n` : toldText(command));
  return 0;
}

function wishOf(site: string, action: string | undefined, target: string | undefined, options: ContainOptions): Wish {
  const { reason = '' } = options;
  if (reason.trim() === '') throw new UsageError('--reason says why; the site is shown it, and it stands on the trail');
  const waitsMs = durationS(options.expires, '--expires', LONGEST_WAIT_MS / 1000) * 1000;
  if (options.undo !== undefined) return { ...undoOf(action, options), site, reason, waitsMs };
  const known = actionOf(action);
  return { site, action: known, target: target ?? '', mode: options.enforce === true ? 'enforce' : 'dry-run', reason, lastsS: lastsS(known, options.lasts), waitsMs, undoes: 0 };
}

/** A key that was revoked must not come back because somebody forgot it. */
function lastsS(action: CommandAction, lasts: string | undefined): number {
  if (WITHOUT_UNDO.includes(action) && lasts !== undefined) throw new UsageError(`${action} has no time limit: it cannot be undone`);
  if (lasts === undefined && (WITHOUT_UNDO.includes(action) || action === 'revoke-api-key')) return 0;
  return durationS(lasts ?? LASTS, '--lasts', LONGEST_LASTS_S);
}

/** Taking something back needs no trial. */
function undoOf(action: string | undefined, { undo = '', lasts }: ContainOptions): Pick<Wish, 'action' | 'target' | 'mode' | 'lastsS' | 'undoes'> {
  if (action !== undefined || lasts !== undefined) throw new UsageError('--undo takes one command back: it goes without an action and without --lasts');
  if (!/^[1-9][0-9]{0,14}$/.test(undo)) throw new UsageError('--undo names the number of a command, as --list shows it');
  return { action: 'undo', target: '', mode: 'enforce', lastsS: 0, undoes: Number(undo) };
}

function actionOf(text: string | undefined): CommandAction {
  const offered = COMMAND_ACTIONS.filter((one) => one !== 'undo' && one !== 'set-policy');
  const action = offered.find((one) => one === text);
  if (action === undefined) throw new UsageError(`an action is one of ${offered.join(', ')}.${text === undefined ? '' : suggestion(text, offered)}`);
  return action;
}

function warningOf({ boxes }: CommandDesk): string {
  return boxes > 0 ? '' : 'No plugin of this site takes orders yet: enrol one, or nobody fetches this.';
}

function toldText({ counter, action, target, mode, lasts_s: seconds, expires_at: expiresAt, site }: SignedCommand): string {
  const what = `${counter}  ${action}${target === '' ? '' : ` ${target}`}, ${mode === 'dry-run' ? 'dry run: the site only says what it would do; repeat it with --enforce' : 'enforced'}`;
  return `${what}${seconds === 0 ? '' : `; undone by itself after ${seconds} s`}. Not begun after ${new Date(expiresAt).toISOString()}.\n"tourniquet contain ${site} --list" shows what the site answers.\n`;
}
