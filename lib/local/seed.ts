/** What a fresh embedded stack holds: two tenants and their keys, and with `demo` something to sell. */
import { createStore, type DynamoDbStore } from '../adapters/dynamodb/store.ts';
import { useCaseDependencies } from '../adapters/use-case-dependencies.ts';
import { type CreatedKey, createKey, createOperatorKey, createTenant } from '../application/manage-keys.ts';
import type { Caller, Dependencies } from '../application/ports.ts';
import { putLocation } from '../application/put-location.ts';
import { putProduct } from '../application/put-product.ts';
import { recordMovement } from '../application/record-movement.ts';
import type { Scope } from '../domain/access.ts';
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
  /** Resolves when what has been written by now has arrived in every region. */
  readonly replicated: () => Promise<void>;
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

/** Each location receives in its home region. */
async function seedStock(
  deps: Dependencies,
  caller: Caller,
  { sku, received }: { readonly sku: string; readonly received: number },
): Promise<void> {
  for (const { locationId } of await deps.store.locations(DEMO)) {
    const command = { type: 'receipt', sku, locationId, quantity: received, reason: 'seed' } as const;
    const idempotency = { key: `seed-${sku}-${locationId}`, fingerprint: 'seed' };
    await must(recordMovement(deps, caller, { command, idempotency }));
  }
}

/** Fills fresh tables and returns the keys. Everything is written where it belongs; replication does the rest. */
export async function seed({ targets, catalogue, replicated }: SeedOptions): Promise<SeedKeys> {
  const [first] = targets;
  if (first === undefined) throw new Error('There is no region to seed.');
  const stores = new Map(
    targets.map(({ region, endpoint, tableName }) => [
      region,
      createStore({ region, endpoint, tableName, credentials: LOCAL_CREDENTIALS }),
    ]),
  );
  const storeOf = (region: string): DynamoDbStore => {
    const store = stores.get(region);
    if (store === undefined) throw new Error(`There is no region ${region} to seed.`);
    return store;
  };
  const { region } = first;
  const deps = useCaseDependencies(storeOf(region), {
    region,
    regions: [...stores.keys()],
    openRemote: storeOf,
  });
  await seedTenants(deps);
  const { operator, demo, demoRead, rival } = await createKeys(deps);
  if (catalogue === 'demo') await seedCatalogue(deps);
  await replicated();
  for (const store of stores.values()) store.close();
  return { operator: operator.secret, demo: demo.secret, demoRead: demoRead.secret, rival: rival.secret };
}
