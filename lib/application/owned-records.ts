/** Reading what another region owns: the own replica first, its owner where that does not know better. */
import type { Product } from '../domain/catalogue.ts';
import type { Reservation } from '../domain/reservation.ts';
import { actingIn } from './acting-in.ts';
import type { Dependencies, SkuRecords, Store } from './ports.ts';

/** The store of a tenant's home region, which writes its catalogue. */
export async function tenantHome(deps: Dependencies, tenantId: string): Promise<Store> {
  return actingIn(deps, await deps.tenants.homeOf(tenantId)).store;
}

/**
 * A product: as this replica knows it if it is active, otherwise as its owner says. A product that was made, or
 * made active again, a moment ago in another region is not missing.
 */
export async function knownProduct(
  deps: Dependencies,
  tenantId: string,
  known: { readonly sku: string; readonly product: Product | undefined },
): Promise<Product | undefined> {
  const { sku, product } = known;
  if (product?.status === 'active' || deps.regions.length === 1) return product;
  const home = await tenantHome(deps, tenantId);
  return home === deps.store ? product : home.get('product', { tenantId, sku }, 'strong');
}

/** A product in any state: as this replica knows it, or, if it does not, as its owner does. */
export async function anyProduct(
  deps: Dependencies,
  tenantId: string,
  known: { readonly sku: string; readonly product: Product | undefined },
): Promise<Product | undefined> {
  return known.product ?? knownProduct(deps, tenantId, known);
}

/** What a region's replica tells of a sku, cut to what that region itself writes. */
function ownedBy(region: string, records: SkuRecords): Omit<SkuRecords, 'product'> {
  return {
    stocks: records.stocks.filter((stock) => stock.region === region),
    quotas: records.quotas.filter((quota) => quota.region === region),
    grants: records.grants.filter((grant) => grant.from === region),
    demands: records.demands.filter((demand) => demand.region === region),
  };
}

/** The regions that count: all but those that are retired. */
export async function livingRegions(deps: Dependencies): Promise<string[]> {
  if (deps.regions.length === 1) return [...deps.regions];
  return (await deps.regionStates.all()).map(({ region }) => region);
}

/**
 * Everything of a sku as its owners know it now, read strongly in every region.
 *
 * @throws StoreUnavailableError when a region is out of reach.
 */
export async function readSkuEverywhere(
  deps: Dependencies,
  tenantId: string,
  sku: string,
): Promise<SkuRecords> {
  const regions = await livingRegions(deps);
  const home = await deps.tenants.homeOf(tenantId);
  const everywhere = await Promise.all(
    regions.map(async (region) => {
      const records = await actingIn(deps, region).store.readSku(tenantId, sku, 'strong');
      return { region, records, owned: ownedBy(region, records) };
    }),
  );
  const atHome = everywhere.find(({ region }) => region === home) ?? everywhere[0];
  return {
    product: atHome?.records.product,
    stocks: everywhere.flatMap(({ owned }) => owned.stocks),
    quotas: everywhere.flatMap(({ owned }) => owned.quotas),
    grants: everywhere.flatMap(({ owned }) => owned.grants),
    demands: everywhere.flatMap(({ owned }) => owned.demands),
  };
}

/** Open reservations that name a sku, as the regions that own them know them now. */
export async function openReservations(
  deps: Dependencies,
  tenantId: string,
  sku: string,
): Promise<readonly Reservation[]> {
  const everywhere = await Promise.all(
    (await livingRegions(deps)).map(async (region) => {
      const { reservations } = await actingIn(deps, region).store.claimsOn(tenantId, sku);
      return reservations.filter((reservation) => reservation.region === region);
    }),
  );
  return everywhere.flat();
}
