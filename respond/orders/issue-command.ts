import type { KeyObject } from 'node:crypto';
import { commandProblem, signCommand } from '../../contracts/command.ts';
import type { Command, CommandAction, SignedCommand } from '../../contracts/command.ts';
import type { Act } from '../../contracts/trail.ts';
import { RespondError } from '../errors.ts';
import { targetProblem } from './target-guard.ts';

/** What a person wants done. */
export interface Wish {
  readonly site: string;
  readonly action: CommandAction;
  readonly target: string;
  readonly mode: Command['mode'];
  readonly reason: string;
  /** Of the measure; 0 for what stays or cannot be undone. */
  readonly lastsS: number;
  /** Not begun later than this. */
  readonly waitsMs: number;
  /** Counter of the command that is taken back; 0 for anything but an undo. */
  readonly undoes: number;
}

export interface IssuingDeps {
  /** All commands ever issued for the site. */
  readonly issued: () => Promise<readonly SignedCommand[]>;
  /** Puts the command where its site asks: true when its counter was free. Durable when it resolves. */
  readonly claim: (command: SignedCommand) => Promise<boolean>;
  /** Durable when it resolves: no command goes out before. */
  readonly note: (act: Act) => Promise<void>;
  /** The public half as base64url. */
  readonly key: string;
  readonly privateKey: KeyObject;
  readonly nowMs: () => number;
}

/** Those of a site in one hour; undoing is always possible. */
export const MOST_AN_HOUR = 30;
const HOUR_MS = 3_600_000;
/** What leaves nothing to take back. */
export const WITHOUT_UNDO: readonly CommandAction[] = ['revoke-application-password', 'capture-forensics', 'undo', 'set-policy'];

/**
 * Signs a command and puts it into the register. It is on the trail before; a crash between leaves an act without a
 * command. Two who issue at once get two counters; `wishFor` is asked again by the second, with the first's command among
 * those issued. Throws `RespondError` when it must not be.
 */
export async function issueCommand(deps: IssuingDeps, wishFor: Wish | ((issued: readonly SignedCommand[]) => Wish)): Promise<SignedCommand> {
  for (let tried = 0; ; ) {
    const issued = await deps.issued();
    const wish = typeof wishFor === 'function' ? wishFor(issued) : wishFor;
    refuse(wish, issued, deps.nowMs());
    const counter = 1 + Math.max(0, ...issued.map((command) => command.counter));
    if (counter === tried) throw new RespondError('TQ-RESPOND-21', `command ${counter} of ${wish.site}`);
    tried = counter;
    const command = signed(deps, wish, counter);
    await deps.note(orderedAct(command));
    if (await deps.claim(command)) return command;
  }
}

function refuse(wish: Wish, issued: readonly SignedCommand[], nowMs: number): void {
  const problem = wish.action === 'set-policy' ? undefined : targetProblem(wish.action, wish.target);
  if (problem !== undefined) throw new RespondError('TQ-RESPOND-18', `${wish.action} ${wish.target}: ${problem}`);
  if (wish.action === 'undo') return refuseUndo(wish, issued);
  const recent = issued.filter(({ action, issued_at: at }) => action !== 'undo' && at > nowMs - HOUR_MS).length;
  if (recent >= MOST_AN_HOUR) throw new RespondError('TQ-RESPOND-19', `${recent} in the last hour`);
}

function refuseUndo({ undoes }: Wish, issued: readonly SignedCommand[]): void {
  const undone = issued.find(({ counter }) => counter === undoes);
  if (undone === undefined) throw new RespondError('TQ-RESPOND-18', `there is no command ${undoes} of this site`);
  if (WITHOUT_UNDO.includes(undone.action)) throw new RespondError('TQ-RESPOND-18', `${undone.action} cannot be undone`);
}

function signed({ key, privateKey, nowMs }: IssuingDeps, wish: Wish, counter: number): SignedCommand {
  const { site, action, target, mode, reason, lastsS, waitsMs, undoes } = wish;
  const issuedAt = nowMs();
  const command: Command = { v: 1, site, counter, action, target, mode, issued_at: issuedAt, expires_at: issuedAt + waitsMs, lasts_s: lastsS, undoes, reason };
  const problem = commandProblem(command) ?? (/\S+@\S+/.test(reason) ? 'reason holds no personal data: it stays in the register and on the trail' : undefined);
  if (problem !== undefined) throw new RespondError('TQ-RESPOND-18', problem);
  return signCommand(command, key, privateKey);
}

function orderedAct({ site, counter, action, target, mode, reason, lasts_s: lastsS, undoes }: SignedCommand): Act {
  return {
    action: 'containment-ordered', category: ['configuration'], outcome: 'unknown', reason, target: { kind: 'site', name: site, site },
    about: { containment: { counter, action, target, mode, lasts_s: lastsS, undoes } },
  };
}
