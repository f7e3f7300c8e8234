import { ClickHouseError } from '@clickhouse/client';
import { StoreRefusal, StoreUnavailable } from '../../contracts/store.ts';
import { StorageError } from '../errors.ts';

/**
 * ClickHouse codes that say these very rows can never be stored: they do not parse, do not fit a type, break a
 * constraint. Names as ClickHouse's `src/Common/ErrorCodes.cpp` has them (a test compares). Everything else is about
 * the store's present state (its users, tables, quorum, Keeper, memory, disk), so it is worth another try.
 */
export const REFUSALS: ReadonlyMap<number, string> = new Map([
  [6, 'CANNOT_PARSE_TEXT'],
  [8, 'THERE_IS_NO_COLUMN'],
  [15, 'DUPLICATE_COLUMN'],
  [16, 'NO_SUCH_COLUMN_IN_TABLE'],
  [19, 'SIZE_OF_FIXED_STRING_DOESNT_MATCH'],
  [20, 'NUMBER_OF_COLUMNS_DOESNT_MATCH'],
  [26, 'CANNOT_PARSE_QUOTED_STRING'],
  [27, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED'],
  [32, 'ATTEMPT_TO_READ_AFTER_EOF'],
  [33, 'CANNOT_READ_ALL_DATA'],
  [38, 'CANNOT_PARSE_DATE'],
  [41, 'CANNOT_PARSE_DATETIME'],
  [43, 'ILLEGAL_TYPE_OF_ARGUMENT'],
  [47, 'UNKNOWN_IDENTIFIER'],
  [49, 'LOGICAL_ERROR'],
  [53, 'TYPE_MISMATCH'],
  [69, 'ARGUMENT_OUT_OF_BOUND'],
  [70, 'CANNOT_CONVERT_TYPE'],
  [72, 'CANNOT_PARSE_NUMBER'],
  [117, 'INCORRECT_DATA'],
  [131, 'TOO_LARGE_STRING_SIZE'],
  [321, 'VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE'],
  [349, 'CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN'],
  [407, 'DECIMAL_OVERFLOW'],
  [441, 'CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING'],
  [467, 'CANNOT_PARSE_BOOL'],
  [469, 'VIOLATED_CONSTRAINT'],
  [636, 'CANNOT_EXTRACT_TABLE_STRUCTURE'],
  [691, 'UNKNOWN_ELEMENT_OF_ENUM'],
]);

/** Codes that only a person can mend; what to look at goes into the message, which is logged at each try. */
const REMEDIES: ReadonlyMap<number, string> = new Map([
  [60, 'the table is missing: run "tourniquet migrate"'],
  [81, 'the database is missing: run "tourniquet migrate"'],
  [115, 'the server is older than the settings it was sent: see docs/clickhouse.md for the least version'],
  [164, 'the user may only read: run "tourniquet migrate" again for its grants'],
  [192, 'the user is missing: run "tourniquet migrate"'],
  [193, 'the password is wrong: see secrets.storage_writer'],
  [194, 'a password is missing: see secrets.storage_writer'],
  [242, 'the replica has lost Keeper: check its session'],
  [243, 'the disk is full'],
  [252, 'merges do not keep up: check the disks of the store'],
  [285, 'too few replicas live for the quorum: see storage.insert_quorum'],
  [497, 'the user lacks a right: run "tourniquet migrate" again for its grants'],
  [516, 'user or password is wrong: see secrets.storage_writer'],
]);

/**
 * Wraps what the client throws into one of the two the committer knows. A refusal keeps no cause: ClickHouse quotes
 * the offending row in its text, and a row may hold personal data.
 */
export function asStoreError(cause: unknown): StoreRefusal | StoreUnavailable {
  if (cause instanceof StoreUnavailable) return cause;
  if (cause instanceof ClickHouseError) {
    const code = Number(cause.code);
    const what = `ClickHouse code ${cause.code}, ${cause.type ?? 'unknown'}`;
    if (REFUSALS.has(code)) return new StoreRefusal(`the store cannot hold these rows (${what})`, code);
    const remedy = REMEDIES.get(code);
    return new StoreUnavailable(`the store did not take it (${what}${remedy === undefined ? '' : `: ${remedy}`}): it is tried again`, { cause });
  }
  const why = cause instanceof StorageError ? cause.message : 'no answer';
  return new StoreUnavailable(`the store did not take it (${why}): it is tried again`, { cause });
}
