import type { Validator } from '../span.ts';
import { accountNumber } from './account-number.ts';
import { besideCard } from './beside-card.ts';
import { card, shortCard } from './card.ts';
import { routingNumber } from './routing-number.ts';
import { track } from './track.ts';
import { verificationCode } from './verification-code.ts';

export const PAYMENT_VALIDATORS: Readonly<Record<string, Validator>> = {
  'account-number': accountNumber,
  'beside-card': besideCard,
  card,
  'routing-number': routingNumber,
  'short-card': shortCard,
  track,
  'verification-code': verificationCode,
};
