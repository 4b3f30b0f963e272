/** The stored forms that this release reads and writes. `test/support/previous-release` has those of the one before. */
import type { EntityName } from '../../domain/entities.ts';
import { COMPACT_ALLOCATIONS } from './compact-allocations.ts';
import type { StoredSchema } from './schema-step.ts';

/** An entity that is not here has the first version only. */
export const STORED_SCHEMAS: { readonly [Name in EntityName]?: StoredSchema } = {
  reservation: { step: COMPACT_ALLOCATIONS, writes: 'new', domain: 'previous' },
};
