import type { Changed, ChangeRequest } from '../../application/change-reservation.ts';
import { confirmLater } from '../../application/confirm-later.ts';
import { confirmReservation } from '../../application/confirm-reservation.ts';
import type { Reserved } from '../../application/hold-request.ts';
import type { Dependencies } from '../../application/ports.ts';
import {
  cancelReservation,
  extendReservation,
  releaseReservation,
} from '../../application/release-reservation.ts';
import { type ReserveCommand, reserveStock } from '../../application/reserve-stock.ts';
import { shipReservation } from '../../application/ship-reservation.ts';
import type { UnitRequest } from '../../domain/allocated-units.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import type { Rejection, Result } from '../../domain/rejection.ts';
import { type FreeWatch, mayRefuse } from '../oracle/free-units.ts';
import type { Operation, Telling } from './client.ts';
import type { Shop } from './shop.ts';

/** What may be asked of a reservation. */
export type Wish =
  | { readonly did: 'release' | 'ship'; readonly lines?: readonly UnitRequest[] }
  /** `queue`: to be confirmed later. */
  | {
      readonly did: 'confirm' | 'queue';
      readonly lines?: readonly UnitRequest[];
      readonly orderId?: string;
    }
  | { readonly did: 'extend'; readonly ttlSeconds: number }
  | { readonly did: 'cancel' };

/** A replica that failed is avoided for a second, and a timeout lasts two; a clock that jumps back makes it longer. */
const AVOIDED_MS = 3_000;

/** Regions that answered this process while the request was under way. */
function reachableFor(shop: Shop, { environment, sentAtMs }: Telling): Set<string> {
  const { network } = shop.cluster.world;
  const { process, lostAtMs } = environment;
  const avoidedMs = AVOIDED_MS + 2 * shop.cluster.plan.skewMaxMs;
  const isReached = (region: string) =>
    network.reaches(process.region, region) &&
    network.reaches(region, process.region) &&
    (lostAtMs.get(region) ?? 0) < sentAtMs - avoidedMs;
  return new Set(network.regions.filter(isReached));
}

function checkRefusal(shop: Shop, hold: Hold, { rejection, telling }: Refused): void {
  const { key, command, watch } = hold;
  if (rejection.code !== 'insufficient_stock') {
    shop.cluster.fail(`${key} was refused: ${rejection.code}`);
    return;
  }
  const { allowPartial } = command;
  const reachable = reachableFor(shop, telling);
  if (watch !== undefined && !mayRefuse(watch, { reachable, allowPartial })) {
    shop.cluster.fail(`${key} was refused, and there were enough units all the time`);
  }
}

interface Hold {
  readonly key: string;
  readonly command: ReserveCommand;
  /** What was free since the last attempt was sent. */
  watch: FreeWatch | undefined;
}

interface Refused {
  readonly rejection: Rejection;
  readonly telling: Telling;
}

export function holdOperation(shop: Shop, key: string, command: ReserveCommand): Operation<Reserved> {
  const { client, oracle, free, mix } = shop;
  const fingerprint = `hold ${key}`;
  const hold: Hold = { key, command, watch: undefined };
  mix.holds += 1;
  oracle.asked.add(fingerprint);
  return {
    what: `hold ${key}`,
    key,
    asking: () => {
      if (hold.watch !== undefined) free.end(hold.watch);
      hold.watch = free.watch(command.lines);
    },
    run: (deps) => reserveStock(deps, client.caller, { command, idempotency: { key, fingerprint } }),
    describe: ({ reservation }) => formatReservationId(reservation),
    told: (result, telling) => {
      if (hold.watch !== undefined) free.end(hold.watch);
      if (result.ok) {
        mix.granted += 1;
        oracle.toldHold(key, result.value.reservation);
      } else {
        mix.refused += 1;
        checkRefusal(shop, hold, { rejection: result.rejection, telling });
      }
    },
  };
}

function ask(
  deps: Dependencies,
  shop: Shop,
  { wish, request }: { readonly wish: Wish; readonly request: Omit<ChangeRequest, 'action'> },
): Promise<Result<Changed>> {
  const { caller } = shop.client;
  switch (wish.did) {
    case 'confirm':
    case 'queue': {
      const { did, ...command } = wish;
      return (did === 'queue' ? confirmLater : confirmReservation)(deps, caller, { ...request, command });
    }
    case 'release':
      return releaseReservation(deps, caller, { ...request, ...linesOf(wish) });
    case 'ship':
      return shipReservation(deps, caller, { ...request, ...linesOf(wish) });
    case 'extend':
      return extendReservation(deps, caller, { ...request, ttlSeconds: wish.ttlSeconds });
    case 'cancel':
      return cancelReservation(deps, caller, request);
  }
}

const linesOf = ({ lines }: { readonly lines?: readonly UnitRequest[] }) =>
  lines === undefined ? {} : { lines };

export function changeOperation(
  shop: Shop,
  key: string,
  { reservationId, wish }: { readonly reservationId: string; readonly wish: Wish },
): Operation<Changed> {
  const { oracle, mix } = shop;
  const fingerprint = `${wish.did} ${key}`;
  oracle.asked.add(fingerprint);
  const request = { reservationId, idempotency: { key, fingerprint } };
  const isWhole = !('lines' in wish) || wish.lines === undefined;
  return {
    what: `${wish.did} ${key}`,
    key,
    asking: () => {
      if (wish.did === 'cancel') oracle.askCancel(reservationId);
    },
    run: (deps) => ask(deps, shop, { wish, request }),
    describe: ({ reservation: { status, version } }) => `${reservationId} ${status} version ${version}`,
    told: (result, { firstSentAtMs }) => {
      if (result.ok && wish.did === 'confirm') mix.confirmed += 1;
      if (result.ok && wish.did === 'queue') mix.queued += 1;
      if (result.ok && wish.did === 'ship') mix.shipped += 1;
      oracle.toldChange({ did: wish.did, reservationId, fingerprint, isWhole, firstSentAtMs }, result);
    },
  };
}
