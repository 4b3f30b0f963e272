import type { SeedKind } from './options.ts';
import type { Seed, SeedKeys } from './seed-context.ts';
import type { SynthesisOptions } from './synthesis/synthesise.ts';
import type { TableDefinition } from './template/tables.ts';

/** A region's work that is due, for `POST /quiesce`. */
export interface DueQuery {
  readonly region: string;
  readonly databaseEndpoint: string;
  readonly tables: readonly TableDefinition[];
  /** By the clock of the stack. */
  readonly nowMs: number;
}

export interface EmbeddedStackOptions {
  /** @default us-east-1, eu-west-1 and ap-northeast-1 */
  readonly regions?: readonly string[];
  /** Port of the first region's API; 0: any that are free. @default 4001 */
  readonly port?: number;
  /** 0: any that is free. @default 4000 */
  readonly controlPort?: number;
  /** @default in memory */
  readonly dataDir?: string | undefined;
  /** Fills the stack before it counts as started. @default nothing is seeded, and there are no keys */
  readonly seed?: Seed;
  /** @default demo */
  readonly seedKind?: SeedKind;
  /** Counts the work that is due in a region. @default there is none */
  readonly countDue?: (query: DueQuery) => Promise<number>;
  /** The CDK app, for tests of the stack itself. @default that of the service */
  readonly synthesis?: Pick<SynthesisOptions, 'app' | 'sources'>;
  /** Receives what functions print. @default a line on stderr */
  readonly onOutput?: (line: string) => void;
  /** True: all that functions print; false: warnings and errors only. @default false */
  readonly allOutput?: boolean;
  /** Ends the start early; the promise rejects when everything has stopped. @default never */
  readonly signal?: AbortSignal;
}

export interface EmbeddedRegion {
  readonly region: string;
  /** Base address of the API, `http://127.0.0.1:4001/v1`. */
  readonly api: string;
  readonly port: number;
  /** Address of the database itself: no faults, no meter. */
  readonly databaseEndpoint: string;
}

/** A running stack. */
export interface EmbeddedStack {
  readonly regions: readonly EmbeddedRegion[];
  readonly tables: readonly TableDefinition[];
  /** Address of the control server. */
  readonly control: string;
  /** `undefined` without a seed. */
  readonly keys: SeedKeys | undefined;
  /** Resolves when no process and no listener is left. */
  stop(): Promise<void>;
}
