import { createPrivateKey, createPublicKey } from 'node:crypto';
import { signCommand } from '../../../contracts/command.ts';
import type { Command, CommandAction, SignedCommand } from '../../../contracts/command.ts';
import { phpLiteral } from './php-runner.ts';
import type { ExpectedEvent, Stage } from './user-act.ts';

/** A made-up key of the security team; PKCS #8 of an Ed25519 seed is this prefix and the seed. */
const PRIVATE = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 0x2a)]), format: 'der', type: 'pkcs8' });
const PUBLIC = createPublicKey(PRIVATE).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url');

/** Lets the site obey our key: enrolled where it is not, armed or in dry-run. */
export async function obeys(stage: Stage, mode: 'enforce' | 'dry-run' = 'enforce'): Promise<void> {
  const site = await stage.site.php(`
    $identity = Tourniquet\\Plugin::get()->spool()->identity();
    if (!$identity->isEnrolled()) { $identity->save(['site' => 'shop', 'receipt_key' => '${PUBLIC}', 'gateway_url' => 'http://127.0.0.1:9']); }
    $identity->save(['command_key' => '${PUBLIC}']);
    update_site_option('tourniquet_settings', ['containment' => '${mode}', 'trusted_proxies' => ['127.0.0.1']] + (array) get_site_option('tourniquet_settings', []));
    echo $identity->site();`);
  stage.notes.set('ordered-site', site.trim());
}

/** Hands the site a command as the gateway would; its counter. */
export async function order(stage: Stage, action: CommandAction, target: string, changes: Partial<Command> = {}): Promise<number> {
  const command = await signed(stage, action, target, changes);
  await deliver(stage, command);
  return command.counter;
}

/** One command for each target, in one answer. */
export async function orderEach(stage: Stage, action: CommandAction, targets: readonly string[]): Promise<void> {
  const commands: SignedCommand[] = [];
  for (const target of targets) commands.push(await signed(stage, action, target));
  await deliver(stage, ...commands);
}

export async function deliver(stage: Stage, ...commands: readonly unknown[]): Promise<void> {
  await stage.site.php(`Tourniquet\\Plugin::get()->containment()->take(${phpLiteral(commands)});`);
}

/** Takes a measure back, as the security team would. */
export async function undo(stage: Stage, counter: number): Promise<number> {
  return order(stage, 'undo', '', { undoes: counter, lasts_s: 0 });
}

/** A command that the site has not seen. */
export async function signed(stage: Stage, action: CommandAction, target: string, changes: Partial<Command> = {}): Promise<SignedCommand> {
  const known = stage.notes.get('counter') ?? await stage.site.php('echo Tourniquet\\Plugin::get()->containment()->highest();');
  const counter = Number(known) + 1;
  stage.notes.set('counter', String(counter));
  const now = Date.now();
  const command = {
    v: 1, site: stage.notes.get('ordered-site') ?? 'shop', counter, action, target, mode: 'enforce', issued_at: now, expires_at: now + 600_000, lasts_s: 600, undoes: 0,
    reason: 'drill', ...changes,
  } as const satisfies Command;
  return signCommand(command, PUBLIC, PRIVATE);
}

/** What a site says of an order that it carried out. */
export function applied(action: string, fields: ExpectedEvent['fields'] = {}): readonly ExpectedEvent[] {
  return ['received', 'started', 'applied'].map((step) => ({ category: 'configuration', action: `containment-${step}`, fields: { 'wordpress.containment.action': action, 'wordpress.containment.mode': 'enforce', 'wordpress.containment.reason': 'drill', ...fields } }));
}

/** What it says of one that it did not. */
export function refused(reason: string | RegExp, fields: ExpectedEvent['fields'] = {}): readonly ExpectedEvent[] {
  return [{ category: 'configuration', action: 'containment-refused', fields: { 'event.outcome': 'failure', 'event.reason': reason, ...fields }, times: 1 }];
}

export const undone: ExpectedEvent = { category: 'configuration', action: 'containment-undone', fields: { 'event.outcome': 'success', 'event.reason': 'command' } };
