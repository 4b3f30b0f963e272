/**
 * What somebody must hear of, told once more and independently of the service: from each commit, where it is made,
 * instead of from what a stream shows of it.
 */
import type { EntityName, EntityRecords } from '../../domain/entities.ts';
import type { EventType } from '../../domain/event.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import type { HistoryEntry } from '../../domain/reservation.ts';
import type { Rollup } from '../../domain/rollup.ts';
import type { MemoryStore } from '../memory-store.ts';
import type { Change } from '../memory-table.ts';
import type { RegionSpine } from '../spine/region-spine.ts';

/** What an event is about. `of` tells apart what type, subject and sequence do not. */
export interface ImpliedEvent {
  readonly type: EventType;
  readonly subject: string;
  readonly sequence: number;
  readonly of?: string;
}

export const nameOfEvent = ({ type, subject, sequence, of = '' }: ImpliedEvent): string =>
  `${type} of ${subject}, ${sequence} ${of}`.trimEnd();

const TOLD_OF_RESERVATION: Readonly<Partial<Record<HistoryEntry['did'], EventType>>> = {
  confirm: 'reservation.confirmed',
  release: 'reservation.released',
  extend: 'reservation.extended',
  expire: 'reservation.expired',
  cancel: 'reservation.cancelled',
};

/** What is in a place's ledger of nobody's order. */
const TOLD_OF_MOVEMENT: Readonly<Record<string, EventType>> = {
  receipt: 'stock.received',
  return: 'stock.received',
  write_off: 'stock.adjusted',
  adjustment: 'stock.adjusted',
  count: 'stock.adjusted',
};

type Step<Name extends EntityName> = {
  readonly before: EntityRecords[Name] | undefined;
  readonly after: EntityRecords[Name];
};

/** The version that a commit gives to the stock of a place. */
function stockVersionIn(commit: readonly Change[], sku: string, locationId: string): number {
  const versions = commit.flatMap(({ entity, after }) => {
    if (entity !== 'stock' || after === undefined) return [];
    const stock = after as EntityRecords['stock'];
    return stock.sku === sku && stock.locationId === locationId ? [stock.version] : [];
  });
  return versions[0] ?? Number.NaN;
}

type Implies<Name extends EntityName> = (step: Step<Name>, commit: readonly Change[]) => ImpliedEvent[];

const IMPLIED: { readonly [Name in EntityName]?: Implies<Name> } = {
  reservation: ({ before, after }) => {
    const entry = after.history.at(-1);
    const type = before === undefined ? 'reservation.held' : entry && TOLD_OF_RESERVATION[entry.did];
    if (type === undefined) return [];
    return [{ type, subject: formatReservationId(after), sequence: after.version }];
  },
  shipment: ({ before, after: { shipmentId } }) =>
    before === undefined ? [{ type: 'shipment.created', subject: shipmentId, sequence: 1 }] : [],
  movement: ({ after: { type: moved, sku, locationId, movementId } }, commit) => {
    const type = TOLD_OF_MOVEMENT[moved];
    if (type === undefined) return [];
    const sequence = 2 * stockVersionIn(commit, sku, locationId);
    return [{ type, subject: `${sku}/${locationId}`, sequence, of: movementId }];
  },
  stock: ({ before, after: { sku, locationId, shortage, version } }) => {
    if (shortage <= (before?.shortage ?? 0)) return [];
    return [{ type: 'stock.short', subject: `${sku}/${locationId}`, sequence: 2 * version + 1 }];
  },
  order: ({ after: { status, orderId, reservationId, decidedAtMs } }) => [
    { type: `order.${status}`, subject: orderId, sequence: decidedAtMs, of: reservationId },
  ],
  regionState: ({ before, after: { region, drainedAtMs } }) => {
    if (drainedAtMs === undefined || drainedAtMs === before?.drainedAtMs) return [];
    return [{ type: 'region.drained', subject: region, sequence: drainedAtMs }];
  },
};

/** What is told when a sku's level becomes another: of `low` also when it falls through it. */
function levelEventsOf(before: Rollup | undefined, after: Rollup): ImpliedEvent[] {
  const [was, is] = [before?.level, after.level];
  if (was === undefined || is === undefined || was === is) return [];
  const isKeptBack = (after.product?.safetyStock ?? 0) > 0 && after.stocks.length > 0;
  const types: EventType[] = [
    ...(was === 'in' && (is === 'low' || isKeptBack) ? (['stock.low'] as const) : []),
    ...(is === 'out' ? (['stock.out'] as const) : []),
    ...(was === 'out' ? (['stock.back'] as const) : []),
  ];
  return types.map((type, index) => ({ type, subject: after.sku, sequence: 2 * after.version + index }));
}

function logIdsOf({ entity, after }: Change): string[] {
  if (entity === 'movement') return [(after as EntityRecords['movement']).movementId];
  if (entity !== 'reservation') return [];
  const reservation = after as EntityRecords['reservation'];
  return [`${formatReservationId(reservation)}/${reservation.version}`];
}

/** Hears of every commit, and keeps what its region must tell of it. */
export class ImpliedMessages {
  readonly #events = new Map<string, Set<string>>();
  readonly #log = new Map<string, Set<string>>();

  /** @param home the region that tells of levels, and its read model, which hears of all */
  constructor(stores: readonly MemoryStore[], home: Pick<RegionSpine, 'region' | 'readModel'>) {
    for (const { region } of stores) {
      this.#events.set(region, new Set());
      this.#log.set(region, new Set());
    }
    home.readModel.onPut((before, after) => this.#tell(home.region, levelEventsOf(before, after)));
    for (const store of stores) store.onChange((commit) => this.#heard(commit, store.region));
  }

  /** Events that the bus of a region must have taken, by their names. */
  eventsOf(region: string): ReadonlySet<string> {
    return this.#events.get(region) ?? new Set();
  }

  /** Entries that the log of a region must have, by their ids. */
  logOf(region: string): ReadonlySet<string> {
    return this.#log.get(region) ?? new Set();
  }

  #tell(region: string, implied: readonly ImpliedEvent[]): void {
    for (const event of implied) this.#events.get(region)?.add(nameOfEvent(event));
  }

  #heard(commit: readonly Change[], region: string): void {
    for (const change of commit) {
      const { entity, origin, before, after } = change;
      if (origin === 'replicated' || after === undefined) continue;
      const implied = IMPLIED[entity]?.({ before, after } as never, commit) ?? [];
      this.#tell(region, implied);
      for (const id of logIdsOf(change)) this.#log.get(region)?.add(id);
    }
  }
}
