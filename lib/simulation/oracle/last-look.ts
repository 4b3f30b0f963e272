/** After everything is repaired: what clients were told is compared with what the service says now. */
import { auditStock } from '../../application/audit-stock.ts';
import { readReservation } from '../../application/read-reservation.ts';
import { reserveStock } from '../../application/reserve-stock.ts';
import { formatReservationId } from '../../domain/identifiers.ts';
import { SHIPPED_UNCOUNTED } from '../../domain/movement.ts';
import type { Result } from '../../domain/rejection.ts';
import type { HistoryEntry, Reservation } from '../../domain/reservation.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { SimulatedDependencies } from '../cluster/simulated-dependencies.ts';
import type { Shop } from '../workload/shop.ts';
import type { KnownReservation } from './client-oracle.ts';

async function ask<Value>(
  shop: Shop,
  what: string,
  work: (deps: SimulatedDependencies) => Promise<Result<Value>>,
): Promise<Value | undefined> {
  const { client, cluster } = shop;
  const region = client.random.pick(cluster.world.network.regions);
  const answer = await cluster.request(region, work);
  if (answer.answered && answer.value.ok) return answer.value.value;
  cluster.fail(`${what} cannot be read, though everything is repaired`);
  return undefined;
}

/** Asked for again, these change nothing, and are acknowledged all the same. */
const UNTRACED: readonly HistoryEntry['did'][] = ['confirm', 'queue'];
/** What the service does by itself. */
const BY_THE_SERVICE: readonly string[] = ['sibling', 'sweep', 'judged'];

/** Every change that was acknowledged is in the history, and none that nobody asked for. */
function historyFaults(known: KnownReservation, reservation: Reservation, asked: ReadonlySet<string>) {
  const { reservationId, acknowledged, toldConfirmed, toldQueued } = known;
  const { history } = reservation;
  const made = new Set(history.map(({ fingerprint }) => fingerprint));
  const lost = [...acknowledged]
    .filter(([fingerprint, did]) => !UNTRACED.includes(did) && !made.has(fingerprint))
    .map(([fingerprint]) => `${reservationId}: ${fingerprint} was acknowledged and is lost`);
  const unasked = [...made]
    .filter((fingerprint) => fingerprint !== undefined && !BY_THE_SERVICE.includes(fingerprint))
    .filter((fingerprint) => !asked.has(fingerprint as string))
    .map((fingerprint) => `${reservationId}: ${fingerprint} was done, and nobody asked for it`);
  const confirmations = history.filter(({ did }) => did === 'confirm').length;
  const isLost = toldConfirmed && confirmations === 0;
  const confirm = isLost ? [`${reservationId}: its confirmation was acknowledged and is lost`] : [];
  const isJudged = history.some(({ did }) => did === 'confirm' || did === 'refuse');
  const queued =
    toldQueued && !isJudged ? [`${reservationId}: its confirmation was queued and never judged`] : [];
  return [...lost, ...unasked, ...confirm, ...queued];
}

async function checkReservations(shop: Shop): Promise<void> {
  const { oracle, client, cluster } = shop;
  const { tenantId } = client.caller;
  for (const known of oracle.reservations.values()) {
    const { reservationId } = known;
    const seen = await ask(shop, reservationId, (deps) => readReservation(deps, tenantId, reservationId));
    if (seen === undefined) return;
    oracle.see(known, seen.reservation);
    const [fault] = historyFaults(known, seen.reservation, oracle.asked);
    if (fault !== undefined) cluster.fail(fault);
  }
}

/** The ledger holds what clients were told it booked, each once, and nothing else but shipments. */
function ledgerFaults({ cluster, oracle }: Shop): string[] {
  const [store] = cluster.stores;
  const told = new Map([...oracle.movements.values()].map((movement) => [movement.movementId, movement]));
  const faults: string[] = [];
  for (const { movementId, type, reason } of store?.all('movement') ?? []) {
    if (type === 'shipment' || reason === SHIPPED_UNCOUNTED) continue;
    if (!told.delete(movementId)) faults.push(`movement ${movementId} is booked, and nobody was told so`);
  }
  return [...faults, ...[...told.keys()].map((id) => `movement ${id} was acknowledged and is not booked`)];
}

/** Every reservation was asked for, and one key made one in each region at most. */
function phantomFaults({ cluster, oracle }: Shop): string[] {
  const [store] = cluster.stores;
  const seen = new Set<string>();
  return (store?.all('reservation') ?? []).flatMap((reservation) => {
    const { fingerprint, region } = reservation;
    const id = formatReservationId(reservation);
    if (!oracle.asked.has(fingerprint)) return [`${id} is there, and nobody asked for it`];
    const key = `${fingerprint} in ${region}`;
    if (seen.has(key)) return [`${id} is one of two that were made by ${key}`];
    seen.add(key);
    return [];
  });
}

async function checkAudits(shop: Shop): Promise<void> {
  const { plan, client, cluster } = shop;
  for (const { sku } of plan.skus) {
    const audit = await ask(shop, `the audit of ${sku}`, (deps) =>
      auditStock(deps, client.caller.tenantId, sku),
    );
    if (audit === undefined) return;
    if (!audit.ok) cluster.fail(`the audit of ${sku} finds: ${audit.violations.join('; ')}`);
    if (!audit.stable) cluster.fail(`the audit of ${sku} does not find it at rest`);
  }
}

/** So many that no region has them all, where that is possible: then one of them must pull the rest. */
function quantityToPull({ stores }: Cluster, sku: string): number {
  const free = stores.map((store) =>
    store
      .all('quota')
      .filter((quota) => quota.sku === sku && quota.region === store.region)
      .reduce((sum, { available }) => sum + available, 0),
  );
  const most = Math.max(...free);
  const all = free.reduce((sum, units) => sum + units, 0);
  return Math.max(1, Math.min(all, most + 1));
}

/** A region that is out of service takes no new hold: another one does. */
async function checkForwarding(shop: Shop): Promise<void> {
  const { plan, client, cluster, oracle, wanted } = shop;
  for (const [region, status] of wanted) {
    if (status !== 'draining') continue;
    for (const { sku } of plan.skus) {
      const fingerprint = `last hold of ${sku} in ${region}`;
      oracle.asked.add(fingerprint);
      const quantity = quantityToPull(cluster, sku);
      const command = { lines: [{ sku, quantity }], ttlSeconds: 60, allowPartial: false, metadata: {} };
      const request = { command, idempotency: { key: fingerprint, fingerprint } };
      const answer = await cluster.request(region, (deps) => reserveStock(deps, client.caller, request));
      const takenBy = answer.answered && answer.value.ok ? answer.value.value.reservation.region : undefined;
      if (takenBy === region) cluster.fail(`${region} is out of service, and holds ${sku}`);
    }
  }
}

/** Compares everything, through the API as a client would. */
export async function lookOnceMore(shop: Shop): Promise<void> {
  const [fault] = [...ledgerFaults(shop), ...phantomFaults(shop)];
  if (fault !== undefined) shop.cluster.fail(fault);
  await checkReservations(shop);
  await checkAudits(shop);
  await checkForwarding(shop);
}
