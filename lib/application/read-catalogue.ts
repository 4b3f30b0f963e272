/** Reading one document of the catalogue: as the tenant's home region has it, or as this replica has heard of it. */
import type { Location, Product } from '../domain/catalogue.ts';
import type { EntityKeys, EntityRecords } from '../domain/entities.ts';
import { tenantHome } from './owned-records.ts';
import { type Dependencies, StoreUnavailableError } from './ports.ts';

async function readDocument<Name extends 'product' | 'location'>(
  deps: Dependencies,
  entity: Name,
  key: EntityKeys[Name],
): Promise<EntityRecords[Name] | undefined> {
  try {
    const home = await tenantHome(deps, key.tenantId);
    return await home.get(entity, key, 'strong');
  } catch (error) {
    if (!(error instanceof StoreUnavailableError) || deps.regions.length === 1) throw error;
    const known = await deps.store.get(entity, key, 'strong');
    if (known === undefined) throw error;
    return known;
  }
}

/** @throws StoreUnavailableError when the home region is out of reach and this replica has no copy. */
export function readProduct(deps: Dependencies, tenantId: string, sku: string): Promise<Product | undefined> {
  return readDocument(deps, 'product', { tenantId, sku });
}

/** @throws StoreUnavailableError when the home region is out of reach and this replica has no copy. */
export function readLocation(
  deps: Dependencies,
  tenantId: string,
  locationId: string,
): Promise<Location | undefined> {
  return readDocument(deps, 'location', { tenantId, locationId });
}
