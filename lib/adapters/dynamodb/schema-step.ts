/** What a change of a stored form is made of; `docs/schema-changes.md` says how one is made. */
import type * as z from 'zod';
import type { ItemKey } from './keys.ts';

/** The attribute with the version of an item's form: one byte of name. An item without it is of the first version. */
export const SCHEMA_VERSION = 'v';

/** The form in which records were first stored. */
export const FIRST_VERSION = 1;

/** Fields of an item by name. */
export type StoredFields = Readonly<Record<string, unknown>>;

/** From one version of an entity's stored form to the next. */
export interface SchemaStep {
  /** The version that it leads to. */
  readonly to: number;
  /**
   * The fields that it reads or changes; it is given no others. While both versions are stored no update and no
   * condition may name one, because it would have to know the version.
   */
  readonly fields: readonly string[];
  readonly upgrade: (fields: StoredFields) => StoredFields;
  /** The way back, for a release that still writes the version before. */
  readonly downgrade: (fields: StoredFields) => StoredFields;
  /** The fields as the new version stores them. */
  readonly schema: z.ZodType;
  /** Whether the item under a key is of this entity. */
  readonly isStoredAt: (key: ItemKey) => boolean;
  /** The one region that may write the item, of the fields of any version (`docs/data-model.md`). */
  readonly writingRegion: (item: Readonly<Record<string, unknown>>) => unknown;
}

/** What a release does with the forms of an entity. It reads the version of its step and the one before. */
export interface StoredSchema {
  readonly step: SchemaStep;
  /** `previous` in the release that only learns to read the new version, `new` in the next. */
  readonly writes: 'previous' | 'new';
  /** The form that the domain knows: the one before, until another step of the entity is to follow. */
  readonly domain: 'previous' | 'new';
}
