import { expect, it } from 'vitest';
import { SHIPPER_ERRORS, ShipperError } from './errors.ts';
import type { ShipperErrorCode } from './errors.ts';

// Object.keys knows only strings; the catalogue's own keys are its codes.
const CODES = Object.keys(SHIPPER_ERRORS) as ShipperErrorCode[];

it.each(CODES)('%s says what happened and what to do, and keeps its cause', (code) => {
  const cause = new Error('cause');
  const error = new ShipperError(code, { detail: 'detail', status: 403, cause });
  expect(code).toMatch(/^TQ-SHIPPER-[0-9]{2}$/);
  expect(error).toMatchObject({ code, retryable: SHIPPER_ERRORS[code].retryable, status: 403, cause });
  expect(error.message).toBe(`${SHIPPER_ERRORS[code].message} (detail)`);
});
