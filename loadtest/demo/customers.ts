import { madeUpToken } from '../made-up-token.ts';
import type { Shop } from './shops.ts';

/** So many customers each shop has, numbered from 0. */
export const CUSTOMERS = 3_000;

/** The token a shop's plugin writes for a customer. */
export function customerToken(shop: Shop, number: number): string {
  return madeUpToken(`${shop.site} ${number % CUSTOMERS}`);
}

/** What the plugin says of `count` customers whose orders were shown or exported, from number `first` on. Every ninth lives abroad. */
export function customersShown(shop: Shop, first: number, count: number): { readonly subjects: readonly object[]; readonly data: object } {
  const subjects = Array.from({ length: count }, (_, i) => ({ type: 'customer', token: customerToken(shop, first + i), jurisdiction: (first + i) % CUSTOMERS % 9 === 0 ? 'DK' : 'DE' }));
  return { subjects, data: { classes: ['pii.address', 'pii.email', 'pii.name'], fields: ['billing_address', 'billing_email', 'billing_name'], records: count } };
}
