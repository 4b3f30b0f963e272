import { type Item, toItem } from '../../../lib/adapters/dynamodb/items.ts';
import type { Reservation } from '../../../lib/domain/reservation.ts';

/** A reservation as the release before this one stored it. */
export function oldItem(record: Reservation): Item {
  const { v: _version, ...item } = toItem('reservation', record, record.region);
  return { ...item, lines: record.lines };
}
