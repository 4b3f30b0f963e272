/** Changes of stock, as guarded writes. */
import type { Condition, FieldChange, GuardedWriteOf } from './guarded-write.ts';
import type { Stock, StockKey } from './stock.ts';

/** A change of stock, as pure data, made from knowledge of the version it expects. */
export interface StockChange {
  readonly onHand: number;
  readonly keptBack: number;
  readonly shortage: number;
  /** Whether the location is owed units after the change. */
  readonly recalled: boolean;
}

/** The guarded write of a stock change: only if the stock is still as it was read. */
export function changeStock(
  at: StockKey & { readonly region: string },
  known: Stock | undefined,
  change: StockChange,
): GuardedWriteOf<'stock'> {
  const { tenantId, sku, locationId, region } = at;
  const unchanged: Condition =
    known === undefined ? { is: 'absent' } : { is: 'equal', field: 'version', value: known.version };
  const changes: FieldChange[] = [
    { change: 'set', field: 'region', value: region },
    { change: 'add', field: 'onHand', by: change.onHand },
    { change: 'add', field: 'keptBack', by: change.keptBack },
    { change: 'add', field: 'shortage', by: change.shortage },
    { change: 'add', field: 'version', by: 1 },
  ];
  if ((known?.recalled ?? false) !== change.recalled) {
    changes.push({ change: 'set', field: 'recalled', value: change.recalled });
    changes.push({ change: 'set', field: 'recallVersion', value: (known?.version ?? 0) + 1 });
  }
  return {
    entity: 'stock',
    key: { tenantId, sku, locationId },
    conditions: [unchanged],
    effect: { does: 'update', changes },
  };
}
