import type { Location } from '../domain/catalogue.ts';
import { ABSENT, type Condition } from '../domain/guarded-write.ts';
import { type Rejection, type Result, reject, succeed } from '../domain/rejection.ts';
import { actingIn } from './acting-in.ts';
import { backOff } from './back-off.ts';
import { CONTENDED } from './idempotency.ts';
import type { Caller, Dependencies } from './ports.ts';
import { type Precondition, type Put, versionMismatch } from './put-product.ts';

/** How often a location is written anew after it had changed meanwhile. */
const ATTEMPTS_MAX = 20;

/** A location as it shall be. */
export type LocationCommand = Omit<Location, 'tenantId' | 'version' | 'createdAtMs' | 'updatedAtMs'>;

function nextLocation(
  deps: Dependencies,
  caller: Caller,
  { command, current }: { readonly command: LocationCommand; readonly current: Location | undefined },
): Location {
  const nowMs = deps.clock.now();
  return {
    tenantId: caller.tenantId,
    ...command,
    version: (current?.version ?? 0) + 1,
    createdAtMs: current?.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
  };
}

/** Whether the stored location is what we just wrote: a reply was lost and the write sent again. */
const isOurs = (stored: Location | undefined, ours: Location): boolean =>
  stored?.version === ours.version && stored.updatedAtMs === ours.updatedAtMs && stored.name === ours.name;

/** Why a location may not be replaced. */
function refusalOf(
  current: Location | undefined,
  { region }: LocationCommand,
  precondition: Precondition,
): Rejection | undefined {
  if (!precondition(current?.version)) return versionMismatch(current?.version);
  if (current === undefined || current.region === region) return undefined;
  const detail = `The location is at home in ${current.region} for good. Create another one instead.`;
  return { code: 'location_region_fixed', detail };
}

/**
 * Creates or replaces a location, in the tenant's home region. Its region is fixed once it is created.
 *
 * Rejections: `validation_failed` (a region that is not deployed), `version_mismatch`,
 * `location_region_fixed`, `contended`.
 */
export async function putLocation(
  deps: Dependencies,
  caller: Caller,
  { command, precondition }: { readonly command: LocationCommand; readonly precondition: Precondition },
): Promise<Result<Put<Location>>> {
  if (!deps.regions.includes(command.region)) {
    const detail = `The region must be one of ${deps.regions.join(', ')}.`;
    return reject({ code: 'validation_failed', detail, path: 'region' });
  }
  const { tenantId } = caller;
  const home = actingIn(deps, await deps.tenants.homeOf(tenantId));
  const key = { tenantId, locationId: command.locationId };
  let current = await home.store.get('location', key, 'strong');
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const refusal = refusalOf(current, command, precondition);
    if (refusal !== undefined) return reject(refusal);
    const next = nextLocation(deps, caller, { command, current });
    const unchanged: Condition =
      current === undefined ? ABSENT : { is: 'equal', field: 'version', value: current.version };
    const commit = await home.store.commit([
      { entity: 'location', key, conditions: [unchanged], effect: { does: 'put', record: next } },
    ]);
    if (commit.outcome === 'contended') return reject(CONTENDED);
    const stored = commit.outcome === 'refused' ? (commit.images.get(0) as Location | undefined) : next;
    if (isOurs(stored, next)) return succeed({ document: next, created: current === undefined });
    current = stored;
    await backOff(deps, attempt);
  }
  return reject(CONTENDED);
}
