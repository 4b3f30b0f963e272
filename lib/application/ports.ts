/** What the use cases need from the world. Adapters implement these; the simulator implements them too. */
import type { Tenant } from '../domain/access.ts';
import type { Location } from '../domain/catalogue.ts';
import type { Demand } from '../domain/demand.ts';
import type { EntityName, EntityRecords } from '../domain/entities.ts';
import type { RegionState } from '../domain/region.ts';
import type { ReadModel, StockDirectory } from './spine-ports.ts';
import type { SeenClaims, Store } from './store-port.ts';

export type { DeliveryQuery, MovementQuery, Page, PageRequest, ReservationQuery } from './list-queries.ts';
export type {
  LogEntry,
  Message,
  OrderMessage,
  Outlet,
  Outlets,
  ParkedChange,
  Parking,
  PutRollup,
  ReadModel,
  SeenStock,
  StockDirectory,
  Watermark,
} from './spine-ports.ts';
export {
  type Claims,
  type Commit,
  type Consistency,
  type DueWork,
  type RecordRef,
  type SeenClaims,
  type SkuRecords,
  type Store,
  StoreUnavailableError,
} from './store-port.ts';

export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface Randomness {
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** URL-safe base64 of that many random bytes. */
  base64url(bytes: number): string;
  /** From 0 up to, not including, 1. */
  fraction(): number;
}

export interface Digest {
  /** SHA-256 of the parts, unambiguously joined; lower-case hexadecimal, cut to that many digits. */
  hex(digits: number, ...parts: readonly string[]): string;
}

/** Every region's database, as it is reached from here. Each item is written through the replica of its owner. */
export interface Replicas {
  /** @throws an Error for a region that is not deployed: a bug, ids from outside are checked before. */
  in(region: string): Store;
}

/** Where tenants are at home: their catalogue, locations and keys are written there. */
export interface TenantDirectory {
  /** The home region; the first region for a tenant that nobody has created. */
  homeOf(tenantId: string): Promise<string>;
  find(tenantId: string): Promise<Tenant | undefined>;
}

/** What this region knows of all of them, five seconds old at most. */
export interface RegionDirectory {
  /** Every region that is not retired, as its last sign of life shows it; in the order of the deployment. */
  all(): Promise<readonly RegionState[]>;
}

/** The locations of tenants, remembered for a moment. */
export interface LocationDirectory {
  /** All locations of a tenant, at most a second old. */
  of(tenantId: string): Promise<readonly Location[]>;
  /** All locations of a tenant as they are now. */
  refresh(tenantId: string): Promise<readonly Location[]>;
  /** One location; read again when it is not among the remembered ones. */
  find(tenantId: string, locationId: string): Promise<Location | undefined>;
}

/** Who has a claim on units of a sku, remembered for a second: for hints, never for a decision that takes units. */
export interface ClaimDirectory {
  /** All claims. */
  on(tenantId: string, sku: string): Promise<SeenClaims>;
  /** The oldest claims: enough to say when units may come free, however many there are. */
  oldestOn(tenantId: string, sku: string): Promise<SeenClaims>;
}

/** How much each region will sell of a sku at a location: only the proportions matter. */
export type DemandForecast = (demands: readonly Demand[], nowMs: number) => ReadonlyMap<string, number>;

/** A committed write, as a region's stream shows it: its own or one that was replicated, perhaps merged with others. */
export type RecordChange = {
  readonly [Name in EntityName]: {
    readonly entity: Name;
    /** Absent: it was created. */
    readonly before?: EntityRecords[Name];
    /** Absent: it was deleted. */
    readonly after?: EntityRecords[Name];
  };
}[EntityName];

/** What all use cases are given. */
export interface Dependencies {
  /** The replica of `region`. */
  readonly store: Store;
  readonly replicas: Replicas;
  readonly tenants: TenantDirectory;
  readonly regionStates: RegionDirectory;
  readonly locations: LocationDirectory;
  readonly claims: ClaimDirectory;
  /** The rollups of the region it runs in. */
  readonly readModel: ReadModel;
  /** The same, remembered for a moment. */
  readonly stock: StockDirectory;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly digest: Digest;
  /** The region whose items are written: the one this runs in, unless a use case acts in another. */
  readonly region: string;
  /** Every deployed region. */
  readonly regions: readonly string[];
}

/** Who asks. */
export interface Caller {
  readonly tenantId: string;
  /** The key that was used; the ledger names it as the actor. */
  readonly actor: string;
}

/** The idempotency of a request: the key as the caller gave it, and the fingerprint of what it asks for. */
export interface Idempotency {
  readonly key: string;
  /** Equal for equal parsed bodies. */
  readonly fingerprint: string;
  /** The id of the request, as its caller knows it: kept with what it did, so that whoever goes on with it can say it. */
  readonly requestId?: string;
}
