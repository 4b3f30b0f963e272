import { KEY_FIELDS } from '../adapters/dynamodb/keys.ts';
import type { EntityKeys, EntityName, EntityRecords } from '../domain/entities.ts';
import { frozenCopy } from './frozen-records.ts';

type Records = { readonly [Name in EntityName]: Map<string, EntityRecords[Name]> };

/** The records of one region, by kind and key. All are frozen: whoever reads one may keep it. */
export class MemoryRecords {
  readonly #records: Records = {
    tenant: new Map(),
    apiKey: new Map(),
    product: new Map(),
    location: new Map(),
    stock: new Map(),
    quota: new Map(),
    reservation: new Map(),
    shipment: new Map(),
    movement: new Map(),
    movementReceipt: new Map(),
    secret: new Map(),
  };

  static #keyOf<Name extends EntityName>(entity: Name, key: EntityKeys[Name]): string {
    return JSON.stringify(KEY_FIELDS[entity].map((field) => key[field]));
  }

  read<Name extends EntityName>(entity: Name, key: EntityKeys[Name]): EntityRecords[Name] | undefined {
    return this.#records[entity].get(MemoryRecords.#keyOf(entity, key));
  }

  /** Stores a copy; `undefined` deletes. */
  write<Name extends EntityName>(
    entity: Name,
    key: EntityKeys[Name],
    record: EntityRecords[Name] | undefined,
  ): void {
    const text = MemoryRecords.#keyOf(entity, key);
    if (record === undefined) this.#records[entity].delete(text);
    else this.#records[entity].set(text, frozenCopy(record) as EntityRecords[Name]);
  }

  /** All records of a kind for which something is true. */
  select<Name extends EntityName>(
    entity: Name,
    wanted: (record: EntityRecords[Name]) => boolean,
  ): EntityRecords[Name][] {
    return [...this.#records[entity].values()].filter(wanted);
  }
}
