/** What is decided for each function; `lib/config/functions.ts` decides it. */

/** What a function may do with the table and its indexes. Each is granted only what its use cases call. */
export interface TableAccess {
  readonly does: 'read' | 'readWrite';
  /**
   * `all`: every replica, because what another region owns is written through the replica of that region, and
   * read strongly there.
   */
  readonly regions: 'own' | 'all';
  /** Whether it may walk over the whole replica of its own region. @default false */
  readonly walks?: true;
  /**
   * Whether it does so with credentials of one tenant at a time. Its own role then reads who tenants are and what
   * regions do, and no more. For lists and administration; where a shopper waits, a call of STS costs more than it
   * protects.
   * @default false
   */
  readonly scoped?: true;
}

/** What a function may do with the read model of its region. */
export type ReadModelAccess = 'read' | 'readWrite';

/** Settings of one function; the construct and the documents take them from here. */
export interface FunctionSettings {
  /** Why it has this memory, this time and this concurrency, in one sentence. */
  readonly why: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /**
   * How many run at once at most, kept free for it.
   *
   * @default it shares the concurrency of the account
   */
  readonly reservedConcurrency?: number;
  /** @default none */
  readonly table?: TableAccess;
  /** @default none */
  readonly readModel?: ReadModelAccess;
  /** Whether it answers tenants, whose requests are counted in the region's table of the read model. @default false */
  readonly countsRequests?: true;
  /** Small bundles on the path a shopper waits for: they carry the DynamoDB client and little more. */
  readonly hot: boolean;
  /** Files that the function reads at run time, copied beside its bundle; paths from the repository's root. */
  readonly files: readonly string[];
}
