import { type Commit, StoreUnavailableError } from '../../application/ports.ts';
import type { GuardedWrite } from '../../domain/guarded-write.ts';
import { backOff } from './back-off.ts';
import type { Database } from './database.ts';
import { asThrown, judgeWriteFailure } from './failures.ts';
import { fromOptionalItem, type Item } from './items.ts';
import { mayHaveTakenEffect } from './lost-replies.ts';
import { sendWrites } from './write-requests.ts';
import { assertWrites } from './write-rules.ts';

/** Attempts at a commit that meets others; with the waits between them they fill the time below. */
const CONFLICT_ATTEMPTS_MAX = 12;
/** A shopper waits for this; after two seconds "try again" is the better answer. */
const CONFLICT_TIME_MAX_MS = 2_000;

/** DynamoDB takes 36 characters at most; no two commits ever share 32 random ones. */
const TOKEN_DIGITS = 32;

type Attempt =
  | { readonly ended: Commit }
  /** `uncertain`: the attempt may have taken effect all the same. */
  | {
      readonly ended: undefined;
      readonly again: boolean;
      readonly uncertain: boolean;
      readonly error: unknown;
    };

function parseImages(
  writes: readonly GuardedWrite[],
  images: ReadonlyMap<number, Item | undefined>,
): Map<number, object | undefined> {
  const parsed = new Map<number, object | undefined>();
  for (const [index, image] of images) {
    const write = writes[index];
    if (write === undefined) throw new Error(`DynamoDB refused write ${index} of ${writes.length}`);
    parsed.set(index, fromOptionalItem(write.entity, image));
  }
  return parsed;
}

async function attempt(database: Database, writes: readonly GuardedWrite[], token: string): Promise<Attempt> {
  let error: unknown;
  let after: Item | undefined;
  try {
    ({ after } = await sendWrites(database, writes, token));
  } catch (caught) {
    error = caught;
  }
  const [first] = writes;
  if (error === undefined && first !== undefined) {
    return { ended: { outcome: 'committed', after: fromOptionalItem(first.entity, after) } };
  }
  const judged = judgeWriteFailure(error);
  switch (judged.failure) {
    case 'refused':
      return { ended: { outcome: 'refused', images: parseImages(writes, judged.images) } };
    case 'conflict':
    case 'throttled': {
      const again = judged.failure === 'conflict';
      return { ended: undefined, again, uncertain: mayHaveTakenEffect(error), error };
    }
    case 'other':
      throw asThrown(error);
  }
}

/**
 * Writes all or nothing.
 *
 * A transaction carries a token. After a refusal the next attempt has a new one, because DynamoDB would repeat the
 * refusal. After an attempt whose answer was lost the token stays, so that what has taken effect is not done again:
 * its records may have been changed, even deleted, in between. A single write has no token: it must be refused once
 * it has taken effect (a record that must be absent, a version), and then shows the caller its own record.
 */
export async function commit(database: Database, writes: readonly GuardedWrite[]): Promise<Commit> {
  assertWrites(writes);
  const deadlineMs = database.clock.now() + CONFLICT_TIME_MAX_MS;
  let token = database.random.hex(TOKEN_DIGITS);
  let uncertain = false;
  for (let attempts = 1; ; attempts += 1) {
    const result = await attempt(database, writes, token);
    if (result.ended !== undefined) return result.ended;
    uncertain ||= result.uncertain;
    if (!uncertain) token = database.random.hex(TOKEN_DIGITS);
    const patience = { attemptsMax: CONFLICT_ATTEMPTS_MAX, deadlineMs };
    if (result.again && (await backOff(database, attempts, patience))) continue;
    if (!uncertain) return { outcome: 'contended' };
    throw new StoreUnavailableError('DynamoDB lost an answer and was then too busy', { cause: result.error });
  }
}
