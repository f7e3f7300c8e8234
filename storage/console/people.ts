import type { FastifyRequest } from 'fastify';
import type { Doer } from '../../contracts/trail.ts';

/** Each may what those before it may. */
export const PERSON_ROLES = ['analyst', 'compliance', 'admin'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

export function isPersonRole(text: unknown): text is PersonRole {
  return PERSON_ROLES.some((role) => role === text);
}

export interface Person {
  readonly name: string;
  readonly role: PersonRole;
}

/** What may be asked of the console, and the least role that may. */
const LEAST_ROLE = {
  /** Audit queries by tokens, names, sites and times. */
  query: 'analyst',
  /** Audit queries by a person's identifier in the clear, and queries marked for compliance. */
  identifiers: 'compliance',
  scope: 'compliance',
  bundle: 'compliance',
  people: 'admin',
} as const satisfies Readonly<Record<string, PersonRole>>;
export type Permission = keyof typeof LEAST_ROLE;

export function reaches(role: PersonRole, least: PersonRole): boolean {
  return PERSON_ROLES.indexOf(role) >= PERSON_ROLES.indexOf(least);
}

export function may(role: PersonRole, permission: Permission): boolean {
  return reaches(role, LEAST_ROLE[permission]);
}

/** A person at an address: who did it, as the trail names them. */
export interface Asker extends Person, Doer {
  readonly role: PersonRole;
  readonly address: string;
}

/** Who asks, when they may. Rejects with `ConsoleError` 01, 02 or 03. */
export type Admit = (request: FastifyRequest, permission: Permission) => Promise<Asker>;
