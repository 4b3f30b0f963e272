/** The stored forms of the release before this one: it reads version 2 of a reservation, and writes version 1. */
import { COMPACT_ALLOCATIONS } from '../../../lib/adapters/dynamodb/compact-allocations.ts';
import type { StoredSchema } from '../../../lib/adapters/dynamodb/schema-step.ts';
import type { EntityName } from '../../../lib/domain/entities.ts';

export const STORED_SCHEMAS: { readonly [Name in EntityName]?: StoredSchema } = {
  reservation: { step: COMPACT_ALLOCATIONS, writes: 'previous', domain: 'previous' },
};
