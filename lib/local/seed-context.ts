import type { SeedKind } from './options.ts';
import type { TableDefinition } from './template/tables.ts';

/** API keys of the seeded tenants. */
export interface SeedKeys {
  readonly operator: string;
  readonly demo: string;
  readonly demoRead: string;
  readonly rival: string;
}

/** What a seed works with: a stack that answers requests. */
export interface SeedContext {
  readonly kind: SeedKind;
  /** In the order of the command; the first is home. */
  readonly regions: readonly SeedRegion[];
  readonly tables: readonly TableDefinition[];
  /** Where data and keys survive a restart; `undefined`: in memory, so the tables are empty. */
  readonly dataDir: string | undefined;
  /** Resolves when what has been written by now has arrived in every region. */
  readonly replicated: () => Promise<void>;
  /** Aborted when the stack shall stop before it is ready. */
  readonly signal: AbortSignal;
}

export interface SeedRegion {
  readonly region: string;
  /** Base address of the API, `http://127.0.0.1:4001/v1`. */
  readonly api: string;
  /** Address of the database itself: no faults, no meter. */
  readonly databaseEndpoint: string;
}

/** Fills a stack and returns the keys to it. */
export type Seed = (context: SeedContext) => Promise<SeedKeys>;
