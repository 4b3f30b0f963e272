import type { Store } from '../../lib/application/ports.ts';

/** Opens a store of a region. Tests keep apart by tenant, and by region where there is no tenant. */
export type OpenStore = (region?: string) => Store;
