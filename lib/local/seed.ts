/** What a fresh embedded stack holds: two tenants and their keys, and with `demo` something to sell. */
import { createStore } from '../adapters/dynamodb/store.ts';
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
  for (const { received: _, ...product } of PRODUCTS) {
    const command = { ...product, unit: 'each', attributes: {} };
    await must(putProduct(deps, caller, { command, precondition }));
  }
}

/** Each region receives at the locations that are at home in it. */
async function seedStock(deps: Dependencies): Promise<void> {
  const caller: Caller = { tenantId: DEMO, actor: 'seed' };
  const locations = await deps.store.locations(DEMO);
  for (const { locationId } of locations.filter(({ region }) => region === deps.region)) {
    for (const { sku, received } of PRODUCTS) {
      const command = { type: 'receipt', sku, locationId, quantity: received, reason: 'seed' } as const;
      const idempotency = { key: `seed-${sku}-${locationId}`, fingerprint: 'seed' };
      await must(recordMovement(deps, caller, { command, idempotency }));
    }
  }
}

/**
 * Fills fresh tables and returns the keys. Tenants, keys and catalogue are written in the first region, where they
 * are at home, and stock where its location is: no item is ever written in two regions.
 */
export async function seed({ targets, catalogue, replicated }: SeedOptions): Promise<SeedKeys> {
  const regions = targets.map(({ region }) => region);
  const stores = targets.map((target) => createStore({ ...target, credentials: LOCAL_CREDENTIALS }));
  const all = stores.map((store, index) =>
    useCaseDependencies(store, { region: regions[index] ?? '', regions }),
  );
  const [home] = all;
  if (home === undefined) throw new Error('There is no region to seed.');
  await seedTenants(home);
  const { operator, demo, demoRead, rival } = await createKeys(home);
  if (catalogue === 'demo') await seedCatalogue(home);
  await replicated();
  for (const deps of catalogue === 'demo' ? all : []) {
    await seedStock(deps);
    await replicated();
  }
  for (const store of stores) store.close();
  return { operator: operator.secret, demo: demo.secret, demoRead: demoRead.secret, rival: rival.secret };
}
