/** Records in the versions of their stored forms. */
import * as z from 'zod';
import { shownFaults } from '../../application/shown-faults.ts';
import type { EntityName } from '../../domain/entities.ts';
import {
  FIRST_VERSION,
  SCHEMA_VERSION,
  type SchemaStep,
  type StoredFields,
  type StoredSchema,
} from './schema-step.ts';
import { STORED_SCHEMAS } from './stored-schemas.ts';

/** The item is of a version that this release does not read, or not what its version says. */
export class UnreadableItemError extends Error {
  override readonly name = 'UnreadableItemError';
}

const schemaOf = (entity: EntityName): StoredSchema | undefined => STORED_SCHEMAS[entity];

/** The newest version that this release reads. It reads the one before as well. */
export const currentVersion = (entity: EntityName): number => schemaOf(entity)?.step.to ?? FIRST_VERSION;

/** Fields that differ between the two versions that may be stored. */
export const changingFields = (entity: EntityName): readonly string[] => schemaOf(entity)?.step.fields ?? [];

/** Kinds of records that are stored in two versions. */
export const changingEntities = (): EntityName[] => Object.keys(STORED_SCHEMAS) as EntityName[];

/** The step of an entity to its current version. */
export const stepOf = (entity: EntityName): SchemaStep | undefined => schemaOf(entity)?.step;

function pick(fields: StoredFields, names: readonly string[]): StoredFields {
  return Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, fields[name]]));
}

/** The changing fields of an item, as it has them. */
export const changingPart = (entity: EntityName, item: StoredFields): StoredFields =>
  pick(item, changingFields(entity));

/** @throws UnreadableItemError for a version that this release does not read. */
export function versionOf(entity: EntityName, item: StoredFields): number {
  const { [SCHEMA_VERSION]: version = FIRST_VERSION } = item;
  const newest = currentVersion(entity);
  const oldest = Math.max(FIRST_VERSION, newest - 1);
  if (typeof version === 'number' && version >= oldest && version <= newest) return version;
  const reads = oldest === newest ? `${newest} only` : `${oldest} and ${newest}`;
  const what = Number(version) < oldest ? 'an older release must migrate it' : 'deploy a newer release';
  throw new UnreadableItemError(
    `It has schema version ${String(version)}, and this release reads ${reads}: ${what}`,
  );
}

function checked(convert: () => StoredFields): StoredFields {
  try {
    return convert();
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    // Without the cause, which names what a tenant has called things.
    throw new UnreadableItemError(`it is malformed: ${shownFaults(cause.issues)}`);
  }
}

/**
 * The changing fields of an item in the current version.
 *
 * @throws UnreadableItemError when they are not as the version before has them.
 */
export function upgraded(step: SchemaStep, fields: StoredFields): StoredFields {
  return checked(() => {
    const next = step.upgrade(pick(fields, step.fields));
    step.schema.parse(next);
    return next;
  });
}

/**
 * The fields of a record out of those of an item, of either version.
 *
 * @throws UnreadableItemError for one of another version, or not of that form.
 */
export function fromStored(entity: EntityName, item: StoredFields): StoredFields {
  const version = versionOf(entity, item);
  const { [SCHEMA_VERSION]: _version, ...fields } = item;
  const schema = schemaOf(entity);
  if (schema === undefined) return fields;
  const { step, domain } = schema;
  const current = version === step.to ? fields : { ...fields, ...upgraded(step, fields) };
  if (domain === 'new') return current;
  return { ...current, ...checked(() => step.downgrade(pick(current, step.fields))) };
}

/** The fields of an item out of those of a record, in the version that this release writes. */
export function toStored(entity: EntityName, record: StoredFields): StoredFields {
  const schema = schemaOf(entity);
  if (schema === undefined) return record;
  const { step, domain, writes } = schema;
  const version = writes === 'new' ? step.to : step.to - 1;
  const stamp = version === FIRST_VERSION ? {} : { [SCHEMA_VERSION]: version };
  if (domain === writes) return { ...record, ...stamp };
  const convert = writes === 'new' ? step.upgrade : step.downgrade;
  return { ...record, ...convert(pick(record, step.fields)), ...stamp };
}
