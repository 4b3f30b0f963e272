/** The stored forms of the release before the previous one: it has never heard of version 2 of a reservation. */
import type { StoredSchema } from '../../../lib/adapters/dynamodb/schema-step.ts';
import type { EntityName } from '../../../lib/domain/entities.ts';

export const STORED_SCHEMAS: { readonly [Name in EntityName]?: StoredSchema } = {};
