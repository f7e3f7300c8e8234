import type { BreachStory } from './breach-story.ts';
import { applicationPassword } from './stories/application-password.ts';
import { copiedSession } from './stories/copied-session.ts';
import { dormantAccount } from './stories/dormant-account.ts';
import { mailingPlugin } from './stories/mailing-plugin.ts';
import { openedAccounts } from './stories/opened-accounts.ts';
import { patientsInPrompts } from './stories/patients-in-prompts.ts';
import { rogueAdministrator } from './stories/rogue-administrator.ts';
import { sharedNetwork } from './stories/shared-network.ts';
import { slowDrip } from './stories/slow-drip.ts';
import { stolenKey } from './stories/stolen-key.ts';
import { stolenPassword } from './stories/stolen-password.ts';
import { turnedWebhook } from './stories/turned-webhook.ts';

export const BREACHES: readonly BreachStory[] = [
  copiedSession, stolenPassword, rogueAdministrator, applicationPassword, stolenKey, mailingPlugin, patientsInPrompts, slowDrip, openedAccounts, turnedWebhook, sharedNetwork, dormantAccount,
];
