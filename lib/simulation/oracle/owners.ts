/** Which region writes which item: the one rule of the protocol, told once more and independently of it. */
import type { Tenant } from '../../domain/access.ts';
import type { EntityName, EntityRecords } from '../../domain/entities.ts';
import type { Change } from '../memory-table.ts';

/** What an owner may depend on besides the record. */
export interface Homes {
  /** The region that owns the list of tenants. */
  readonly first: string;
  /** The home region of a tenant. */
  readonly tenants: ReadonlyMap<string, string>;
  /** The home region of a location, by tenant and location. */
  readonly locations: ReadonlyMap<string, string>;
}

export const locationKey = (tenantId: string, locationId: string): string => `${tenantId}#${locationId}`;

type Owner<Name extends EntityName> = (record: EntityRecords[Name], homes: Homes) => string | undefined;

const atHome = ({ tenantId }: Pick<Tenant, 'tenantId'>, { tenants }: Homes) => tenants.get(tenantId);

const OWNERS: { readonly [Name in EntityName]: Owner<Name> } = {
  tenant: (_, { first }) => first,
  apiKey: atHome,
  product: atHome,
  location: atHome,
  stock: ({ region }) => region,
  quota: ({ region }) => region,
  grant: ({ from }) => from,
  acceptance: ({ to }) => to,
  demand: ({ region }) => region,
  reservation: ({ region }) => region,
  shipment: ({ region }) => region,
  movement: ({ tenantId, locationId }, { locations }) => locations.get(locationKey(tenantId, locationId)),
  movementReceipt: ({ region }) => region,
  order: ({ region }) => region,
  unsent: ({ region }) => region,
  webhook: atHome,
  delivery: ({ region }) => region,
  secret: () => undefined,
  regionState: ({ region }) => region,
  retirement: ({ by }) => by,
  auditWalk: ({ region }) => region,
};

/** The only region that may write what has changed; `undefined` when that is not known. */
export function ownerOf({ entity, before, after }: Change, homes: Homes): string | undefined {
  const record = after ?? before;
  return record === undefined ? undefined : OWNERS[entity](record as never, homes);
}
