import type { SignedCommand } from '../../contracts/command.ts';
import type { Letter } from '../../contracts/letter.ts';
import type { SiteRecord } from '../../contracts/site.ts';

/** What waits at the gateway for a site's plugins to fetch, folded in order. Letters belong to one box, commands to the site. */
export interface SiteMail {
  /** Public keys of the boxes in force (base64url), by the hash of the secret that opens the mailbox. */
  readonly mailboxes: Map<string, string>;
  /** Letters of each box that ever was pinned, by key epoch: a plugin may enrol again with the box it had. */
  readonly letters: Map<string, Map<number, Letter>>;
  /** By counter, ascending as they were claimed. Those that expired before the newest one was issued are let go of. */
  readonly commands: Map<number, SignedCommand>;
}

export function emptyMail(): SiteMail {
  return { mailboxes: new Map(), letters: new Map(), commands: new Map() };
}

/** The first box under a hash stays: another could only take its letters away. */
export function openMailbox({ mailboxes, letters }: SiteMail, box: { readonly key: string; readonly mailbox_hash: string }): void {
  if (!mailboxes.has(box.mailbox_hash)) mailboxes.set(box.mailbox_hash, box.key);
  if (!letters.has(box.key)) letters.set(box.key, new Map());
}

/** After an enrolment that replaces, what was enrolled before gets nothing more. */
export function closeMailboxes({ mailboxes }: SiteMail): void {
  mailboxes.clear();
}

export function foldLetter({ letters }: SiteMail, { box_key: boxKey, key_epoch, sealed }: SiteRecord & { readonly type: 'letter' }): void {
  const mine = letters.get(boxKey);
  if (mine?.has(key_epoch) === false) mine.set(key_epoch, { key_epoch, sealed });
}

export function lettersFor({ letters }: SiteMail, boxKey: string): readonly Letter[] {
  return [...(letters.get(boxKey)?.values() ?? [])];
}

/** Whether a command is valid is for the plugin to say; the register only keeps what may still be begun. */
export function foldCommand({ commands }: SiteMail, command: SignedCommand, atMs: number): void {
  for (const [counter, { expires_at: expiresAt }] of commands) if (expiresAt <= atMs) commands.delete(counter);
  if (!commands.has(command.counter)) commands.set(command.counter, command);
}

/** At most `most` commands, of the lowest counters above `after`, that had not expired at `nowMs`. */
export function pendingCommands({ commands }: SiteMail, after: number, nowMs: number, most: number): readonly SignedCommand[] {
  return [...commands.values()].filter((c) => c.counter > after && c.expires_at > nowMs).toSorted((a, b) => a.counter - b.counter).slice(0, most);
}
