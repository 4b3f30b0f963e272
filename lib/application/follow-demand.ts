/** Watches the quotas of a region sell: measures the demand, and gives units to regions that sell more. */
import { sampleDemand } from '../domain/demand.ts';
import type { Quota } from '../domain/quota.ts';
import { SMALL_STOCK } from '../domain/rebalance.ts';
import type { RecordChange } from './ports.ts';
import { type RebalanceDependencies, rebalanceSku } from './rebalance-sku.ts';

/** A quota's demand is sampled this often at most: a hot one changes a thousand times a second. */
const SAMPLE_EVERY_MS = 2_000;

/** A sku is looked at this often at most, by each environment. */
const LOOK_EVERY_MS = 2_000;

/** Skus remembered in one environment; the oldest is forgotten first. */
const SKUS_MAX = 10_000;

/** Writes the next sample of a quota's demand, if it is time for it. */
async function sample(deps: RebalanceDependencies, quota: Quota): Promise<void> {
  const { tenantId, sku, locationId, region } = quota;
  const key = { tenantId, sku, locationId, region };
  const last = await deps.store.get('demand', key, 'strong');
  const nowMs = deps.clock.now();
  if (last !== undefined && nowMs - last.sampledAtMs < SAMPLE_EVERY_MS) return;
  const record = sampleDemand(quota, last, nowMs);
  await deps.store.commit([
    {
      entity: 'demand',
      key,
      conditions: [
        last === undefined ? { is: 'absent' } : { is: 'equal', field: 'version', value: last.version },
      ],
      effect: { does: 'put', record },
    },
  ]);
}

/** Remembers when something was done, for as many things as an environment may remember. */
class Pacer {
  readonly #doneAtMs = new Map<string, number>();

  /** Whether it is time to do it again; if so, it counts as done. */
  isDue(id: string, everyMs: number, nowMs: number): boolean {
    if (nowMs - (this.#doneAtMs.get(id) ?? Number.NEGATIVE_INFINITY) < everyMs) return false;
    this.#doneAtMs.delete(id);
    this.#doneAtMs.set(id, nowMs);
    const [oldest] = this.#doneAtMs.keys();
    if (this.#doneAtMs.size > SKUS_MAX && oldest !== undefined) this.#doneAtMs.delete(oldest);
    return true;
  }
}

/** The quotas that a batch of changes shows, each as it was last. */
function lastQuotas(changes: readonly RecordChange[]): Quota[] {
  const byId = new Map<string, Quota>();
  for (const { entity, after } of changes) {
    if (entity !== 'quota' || after === undefined) continue;
    byId.set(`${after.tenantId}#${after.sku}#${after.locationId}#${after.region}#${after.shard}`, after);
  }
  return [...byId.values()];
}

interface SkuName {
  readonly tenantId: string;
  readonly sku: string;
}

/**
 * Skus of which so much was delivered in a region that others may need some of it at once. A quota that grows says
 * nothing of the kind: the units may have just been given to it.
 */
const deliveredIn = (region: string, changes: readonly RecordChange[]): SkuName[] =>
  changes.flatMap(({ entity, before, after }) => {
    if (entity !== 'stock' || after?.region !== region) return [];
    return after.onHand - (before?.onHand ?? 0) >= SMALL_STOCK ? [after] : [];
  });

/**
 * Makes the function that follows the demand that batches of changes show. What one environment forgets another
 * notices with the next sale: nothing depends on it but speed.
 */
export function createDemandFollower(
  deps: RebalanceDependencies,
): (changes: readonly RecordChange[]) => Promise<void> {
  const pacer = new Pacer();
  const sampleOwn = async (quota: Quota, nowMs: number): Promise<void> => {
    const { tenantId, sku, locationId, region } = quota;
    if (region !== deps.region) return;
    if (pacer.isDue(`${tenantId}#${sku}#${locationId}`, SAMPLE_EVERY_MS, nowMs)) await sample(deps, quota);
  };
  const look = async ({ tenantId, sku }: SkuName, isWindfall: boolean): Promise<void> => {
    const isDue = pacer.isDue(`${tenantId}#${sku}`, isWindfall ? 0 : LOOK_EVERY_MS, deps.clock.now());
    if (isDue) await rebalanceSku(deps, { tenantId, sku }, { isWindfall });
  };
  return async (changes) => {
    if (deps.regions.length === 1) return;
    const nowMs = deps.clock.now();
    const quotas = lastQuotas(changes);
    for (const delivered of deliveredIn(deps.region, changes)) await look(delivered, true);
    for (const quota of quotas) await sampleOwn(quota, nowMs);
    for (const quota of quotas) await look(quota, false);
  };
}
