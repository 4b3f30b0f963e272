import type { DomainEvent } from '../domain/event.ts';
import { type Rollup, waiting } from '../domain/rollup.ts';
import { levelEvents, levelUnits } from '../domain/stock-level.ts';
import { identified } from './event-draft.ts';
import type { Dependencies, TenantDirectory } from './ports.ts';

export interface EventDependencies extends Pick<Dependencies, 'digest'> {
  readonly tenants: Pick<TenantDirectory, 'homeOf'>;
}

/** What partners hear of the change of a level: in the tenant's home region, which hears of every quota. */
async function eventsOf(
  deps: EventDependencies,
  known: Rollup | undefined,
  next: Omit<Rollup, 'unsentEvents'>,
): Promise<DomainEvent[]> {
  const { tenantId, sku, region, version, asOfMs: occurredAtMs } = next;
  const units = levelUnits(next);
  const types = levelEvents(known?.level, next.level, units.safetyStock);
  if (types.length === 0 || (await deps.tenants.homeOf(tenantId)) !== region) return [];
  const common = { tenantId, subject: sku, region, occurredAtMs, data: { sku, ...units } };
  return types.map((type, index) =>
    identified(deps.digest, { ...common, type, sequence: 2 * version + index }),
  );
}

/** The events that wait in the next version of a rollup: those that nobody has taken yet, and those it makes. */
export async function unsentEvents(
  deps: EventDependencies,
  known: Rollup | undefined,
  next: Omit<Rollup, 'unsentEvents'>,
): Promise<readonly DomainEvent[]> {
  return waiting([...(known?.unsentEvents ?? []), ...(await eventsOf(deps, known, next))]);
}
