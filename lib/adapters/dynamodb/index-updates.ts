/** What an update in place does to the indexes its record is in. */
import type { EntityName } from '../../domain/entities.ts';
import type { FieldChange, GuardedWrite } from '../../domain/guarded-write.ts';
import { type HistoryEntry, isOpen, type ReservationStatus } from '../../domain/reservation.ts';
import { INDEX_ONLY_ATTRIBUTES, type IndexAttributes, orderAttributes } from './index-keys.ts';

export interface IndexUpdate {
  readonly set: IndexAttributes;
  readonly remove: readonly (keyof IndexAttributes)[];
}

const NO_UPDATE: IndexUpdate = { set: {}, remove: [] };

/**
 * Fields whose change would move a record to another place of an index. An update knows only what it changes,
 * so it cannot compute that place: such a change is written as a whole record.
 */
const INDEXED_FIELDS: { readonly [Name in EntityName]?: readonly string[] } = {
  product: ['settleDueAtMs'],
  shipment: ['bookingDueAtMs', 'region', 'shippedAtMs', 'lines'],
  movement: ['locationId'],
  acceptance: ['checkDueAtMs', 'to'],
  grant: ['checkDueAtMs', 'from'],
  reservation: ['region', 'createdAtMs', 'expiresAtMs', 'reference', 'lines', 'queuedAtMs'],
};

/** The value that an update gives to a field. */
function valueSet(changes: readonly FieldChange[], field: string): unknown {
  const found = changes.find((change) => change.change === 'set' && change.field === field);
  return found?.change === 'set' ? found.value : undefined;
}

const entriesIn = (changes: readonly FieldChange[]): HistoryEntry[] =>
  changes.flatMap((change) =>
    change.change === 'append' && change.field === 'history' ? [change.value as HistoryEntry] : [],
  );

function ofReservation(
  key: { readonly tenantId: string; readonly keyHash: string; readonly region: string },
  changes: readonly FieldChange[],
): IndexUpdate {
  const status = valueSet(changes, 'status') as ReservationStatus | undefined;
  const orderId = valueSet(changes, 'orderId') as string | undefined;
  if (status === 'held') throw new Error('A hold is written whole: its expiry is in an index');
  const entries = entriesIn(changes);
  if (entries.some(({ did }) => did === 'queue' || did === 'refuse')) {
    throw new Error('A queued confirmation is written whole: its order is in an index while it waits');
  }
  const remove: (keyof IndexAttributes)[] = [];
  if (status !== undefined) remove.push('duePk', 'dueSk');
  if (status !== undefined && !isOpen(status)) remove.push('openPk', 'openSk', ...INDEX_ONLY_ATTRIBUTES);
  if (orderId === undefined) return { set: {}, remove };
  const atMs = entries.find(({ did }) => did === 'confirm')?.atMs;
  if (atMs === undefined) throw new Error('An order id comes with its confirmation');
  return { set: orderAttributes({ ...key, orderId, atMs }), remove };
}

/**
 * The changes of index attributes that go with an update.
 *
 * @throws when the update changes a field whose new place in an index it cannot know: a bug of the caller.
 */
export function indexUpdateOf(write: GuardedWrite, changes: readonly FieldChange[]): IndexUpdate {
  for (const { field } of changes) {
    if (INDEXED_FIELDS[write.entity]?.includes(field)) {
      throw new Error(`Put the whole ${write.entity} to change its ${field}: an index depends on it`);
    }
  }
  return write.entity === 'reservation' ? ofReservation(write.key, changes) : NO_UPDATE;
}

/** Whether a record of that kind is ever in an index: then an update may not create it. */
export const isIndexed = (entity: EntityName): boolean => INDEXED_FIELDS[entity] !== undefined;
