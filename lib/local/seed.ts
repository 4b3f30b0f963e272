/** What a fresh embedded stack holds: two tenants and their keys, and with `demo` something to sell. */
import { createStore } from '../adapters/dynamodb/store.ts';
import { useCaseDependencies } from '../adapters/use-case-dependencies.ts';
import { type CreatedKey, createKey, createOperatorKey, createTenant } from '../application/manage-keys.ts';
import type { Caller, Dependencies } from '../application/ports.ts';
import { putLocation } from '../application/put-location.ts';
import { putProduct } from '../application/put-product.ts';
import { recordMovement } from '../application/record-movement.ts';
import type { Scope } from '../domain/access.ts';
import { ABSENT } from '../domain/guarded-write.ts';
import type { Result } from '../domain/rejection.ts';
import { LOCAL_CREDENTIALS } from './credentials.ts';
import type { SeedKind } from './options.ts';
import type { SeedKeys } from './seed-context.ts';

/** A region's database, reached directly: faults and the meter are not for the seed. */
export interface SeedTarget {
  readonly region: string;
  readonly endpoint: string;
  readonly tableName: string;
}

export interface SeedOptions {
  readonly targets: readonly SeedTarget[];
  readonly catalogue: SeedKind;
}

const DEMO = 'demo';
const RIVAL = 'rival';
const EVERY_SCOPE: readonly Scope[] = ['read', 'write', 'admin'];

const PRODUCTS = [
  { sku: 'MUG-BLUE', name: 'Blue mug', safetyStock: 0, received: 120 },
  { sku: 'TEE-M', name: 'T-shirt, medium', safetyStock: 5, received: 80 },
  { sku: 'LAMP-01', name: 'Desk lamp', safetyStock: 0, received: 12 },
  { sku: 'POSTER-A2', name: 'Poster, A2', safetyStock: 0, received: 500 },
  { sku: 'CHAIR-OAK', name: 'Oak chair', safetyStock: 1, received: 6 },
];

const LOCATIONS = [
  { locationId: 'main', name: 'Main warehouse', priority: 10 },
  { locationId: 'annex', name: 'Annex', priority: 20 },
  { locationId: 'shop', name: 'Shop floor', priority: 30 },
];

/** The value of a seeding step. Nobody else is there to be in the way, so a refusal is a bug. */
async function must<Value>(step: Promise<Result<Value>>): Promise<Value> {
  const result = await step;
  if (!result.ok) throw new Error(`Seeding failed: ${result.rejection.code}. ${result.rejection.detail}`);
  return result.value;
}

async function seedTenants(deps: Dependencies): Promise<void> {
  const [homeRegion = deps.region] = deps.regions;
  for (const tenantId of [DEMO, RIVAL]) {
    await must(createTenant(deps, { tenantId, name: tenantId, tier: 'unlimited', homeRegion }));
  }
}

async function createKeys(deps: Dependencies): Promise<Record<keyof SeedKeys, CreatedKey>> {
  return {
    operator: await must(createOperatorKey(deps, 'seed')),
    demo: await must(createKey(deps, DEMO, { scopes: EVERY_SCOPE, name: 'seed' })),
    demoRead: await must(createKey(deps, DEMO, { scopes: ['read'], name: 'seed, read only' })),
    rival: await must(createKey(deps, RIVAL, { scopes: EVERY_SCOPE, name: 'seed' })),
  };
}

/** Regions that are each on their own must still know the same keys. */
async function copyKeys({ store }: Dependencies, created: readonly CreatedKey[]): Promise<void> {
  for (const { key } of created) {
    const { tenantId, keyId } = key;
    await store.commit([
      {
        entity: 'apiKey',
        key: { tenantId, keyId },
        conditions: [ABSENT],
        effect: { does: 'put', record: key },
      },
    ]);
  }
}

async function seedCatalogue(deps: Dependencies): Promise<void> {
  const caller: Caller = { tenantId: DEMO, actor: 'seed' };
  const precondition = () => true;
  for (const [index, location] of LOCATIONS.entries()) {
    const region = deps.regions[index % deps.regions.length] ?? deps.region;
    const command = { ...location, region, type: 'warehouse' };
    await must(putLocation(deps, caller, { command, precondition }));
  }
  for (const { received, ...product } of PRODUCTS) {
    const command = { ...product, unit: 'each', attributes: {} };
    await must(putProduct(deps, caller, { command, precondition }));
    await seedStock(deps, caller, { sku: product.sku, received });
  }
}

/** Each region receives at the locations that are at home in it. */
async function seedStock(
  deps: Dependencies,
  caller: Caller,
  { sku, received }: { readonly sku: string; readonly received: number },
): Promise<void> {
  for (const { locationId, region } of await deps.store.locations(DEMO)) {
    if (region !== deps.region) continue;
    const command = { type: 'receipt', sku, locationId, quantity: received, reason: 'seed' } as const;
    const idempotency = { key: `seed-${sku}-${locationId}`, fingerprint: 'seed' };
    await must(recordMovement(deps, caller, { command, idempotency }));
  }
}

async function seedRegion(
  deps: Dependencies,
  kind: SeedKind,
  known: Record<keyof SeedKeys, CreatedKey> | undefined,
): Promise<Record<keyof SeedKeys, CreatedKey>> {
  await seedTenants(deps);
  const keys = known ?? (await createKeys(deps));
  if (known !== undefined) await copyKeys(deps, Object.values(known));
  if (kind === 'demo') await seedCatalogue(deps);
  return keys;
}

/** Fills fresh tables and returns the keys. */
export async function seed({ targets, catalogue }: SeedOptions): Promise<SeedKeys> {
  const names = targets.map(({ region }) => region);
  let keys: Record<keyof SeedKeys, CreatedKey> | undefined;
  for (const { region, endpoint, tableName } of targets) {
    const store = createStore({ region, endpoint, tableName, credentials: LOCAL_CREDENTIALS });
    keys = await seedRegion(useCaseDependencies(store, { region, regions: names }), catalogue, keys);
    store.close();
  }
  if (keys === undefined) throw new Error('There is no region to seed.');
  const { operator, demo, demoRead, rival } = keys;
  return { operator: operator.secret, demo: demo.secret, demoRead: demoRead.secret, rival: rival.secret };
}
