/** Changes of quotas, as guarded writes. */
import type { Condition, FieldChange, GuardedWriteOf } from './guarded-write.ts';
import type { QuotaKey } from './quota.ts';

/** A change of a quota, as pure data. Neither counter may fall below zero. */
export interface QuotaChange {
  readonly available: number;
  readonly promised: number;
  /** Only if the quota has exactly this many available: for a change that takes the last ones. */
  readonly expectAvailable?: number;
  /** Only if the quota is (or is not) recalled. */
  readonly expectRecalled?: boolean;
  /** Makes the quota recalled, or no longer so. */
  readonly recalled?: boolean;
  /** Outside the home region: only if no newer version of the stock has recalled or released the quota. */
  readonly recallVersion?: number;
  /** Units promised by this change, for the measure of demand. */
  readonly taken?: number;
  /** When units of a grant arrive by this change. */
  readonly arrivedAtMs?: number;
}

/** Take units for a hold. */
export const take = (quantity: number): QuotaChange => ({
  available: -quantity,
  promised: quantity,
  taken: quantity,
});

/** Let units go to another region, by a grant in the same transaction. */
export const grantAway = (quantity: number): QuotaChange => ({ available: -quantity, promised: 0 });

/** Units of a grant arrive; refused while the quota is recalled. */
export const accept = (quantity: number, arrivedAtMs: number): QuotaChange => ({
  available: quantity,
  promised: 0,
  expectRecalled: false,
  arrivedAtMs,
});

/** Units of a hold do not come back to a recalled quota: a grant in the same transaction takes them home. */
export const passOn = (quantity: number): QuotaChange => ({
  available: 0,
  promised: -quantity,
  expectRecalled: true,
});

/** Give units of a hold back to whom they came from; refused while the quota is recalled. */
export const giveBack = (quantity: number): QuotaChange => ({
  available: quantity,
  promised: -quantity,
  expectRecalled: false,
});

/** Give units back whether the quota is recalled or not: whoever sees that it is will settle them. */
export const giveBackUnsettled = (quantity: number): QuotaChange => ({
  available: quantity,
  promised: -quantity,
});

/** Promised units leave the location. */
export const shipOut = (quantity: number): QuotaChange => ({ available: 0, promised: -quantity });

function quotaConditions(change: QuotaChange): Condition[] {
  const conditions: Condition[] = [];
  const add = (condition: Condition) => conditions.push(condition);
  if (change.expectAvailable !== undefined) {
    // A quota that was never written has none available: creating it needs no equality.
    if (change.expectAvailable > 0) {
      add({ is: 'equal', field: 'available', value: change.expectAvailable });
    } else {
      add({ is: 'notAbove', field: 'available', value: 0 });
    }
  } else if (change.available < 0) {
    add({ is: 'atLeast', field: 'available', value: -change.available });
  }
  if (change.promised < 0) add({ is: 'atLeast', field: 'promised', value: -change.promised });
  if (change.expectRecalled === false) add({ is: 'notEqual', field: 'recalled', value: true });
  if (change.expectRecalled === true) add({ is: 'equal', field: 'recalled', value: true });
  if (change.recallVersion !== undefined) {
    add({ is: 'notAbove', field: 'recallVersion', value: change.recallVersion - 1 });
  }
  return conditions;
}

/** The guarded write of a quota change. A quota that is not there counts as empty and is created. */
export function changeQuota(key: QuotaKey, change: QuotaChange): GuardedWriteOf<'quota'> {
  const { tenantId, sku, locationId, region, shard } = key;
  const changes: FieldChange[] = [
    { change: 'add', field: 'available', by: change.available },
    { change: 'add', field: 'promised', by: change.promised },
    { change: 'add', field: 'version', by: 1 },
  ];
  if (change.recalled !== undefined) {
    changes.push({ change: 'set', field: 'recalled', value: change.recalled });
  }
  if (change.recallVersion !== undefined) {
    changes.push({ change: 'set', field: 'recallVersion', value: change.recallVersion });
  }
  if (change.arrivedAtMs !== undefined) {
    changes.push({ change: 'set', field: 'arrivedAtMs', value: change.arrivedAtMs });
  }
  if (change.taken !== undefined) changes.push({ change: 'add', field: 'taken', by: change.taken });
  return {
    entity: 'quota',
    key: { tenantId, sku, locationId, region, shard },
    conditions: quotaConditions(change),
    effect: { does: 'update', changes },
  };
}
