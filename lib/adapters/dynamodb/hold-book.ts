/** The open holds that a region has heard of, in the table of its read model. */
import * as z from 'zod';
import type { HoldBook } from '../../application/hold-book.ts';
import { READ_TABLE_END } from '../../config/table.ts';
import { type HeldUnits, keptUntilMs, type OpenHolds, type SeenHold } from '../../domain/open-holds.ts';
import { systemClock } from '../system/clock.ts';
import { systemRandomness } from '../system/randomness.ts';
import { type Connection, createClient } from './client.ts';
import type { Database } from './database.ts';
import type { Item } from './items.ts';
import { type ItemKey, keyText } from './keys.ts';
import { holdsKey } from './limit-keys.ts';
import { parse, putVersion } from './read-table-items.ts';
import { getItems } from './records.ts';
import { count, id, loose, time, version } from './schema-parts.ts';

export interface HoldBookSettings extends Connection {
  readonly tableName: string;
}

/** The book, and how to let go of it. */
export interface DynamoDbHoldBook extends HoldBook {
  /** Closes the connections. */
  close(): void;
}

const openHolds = loose<OpenHolds>()({
  tenantId: id,
  referenceHash: id.exactOptional(),
  holds: z.array(
    loose<SeenHold>()({
      id,
      version,
      seenAtMs: time,
      expiresAtMs: time,
      held: z.array(loose<HeldUnits>()({ sku: id, units: count })).exactOptional(),
    }),
  ),
  version,
});

/** DynamoDB deletes a list for nothing some time after the last of its holds is over: of each cart there is one. */
const KEPT_LONGER_SECONDS = 3600;

const MS_PER_SECOND = 1000;

const endOf = ({ holds }: OpenHolds): number =>
  Math.ceil(Math.max(0, ...holds.map(keptUntilMs)) / MS_PER_SECOND) + KEPT_LONGER_SECONDS;

function optional(item: Item | undefined, key: ItemKey): OpenHolds | undefined {
  if (item === undefined) return undefined;
  const { [READ_TABLE_END]: _end, ...fields } = item;
  return parse<OpenHolds>(openHolds, fields, key);
}

/** The book of a region, on DynamoDB. */
export function createHoldBook({ tableName, ...connection }: HoldBookSettings): DynamoDbHoldBook {
  const { region } = connection;
  const client = createClient(connection);
  const database: Database = { client, tableName, region, clock: systemClock, random: systemRandomness };
  return {
    async read(keys) {
      const places = keys.map(holdsKey);
      const items = await getItems(database, places, 'eventual');
      return places.map((place) => optional(items.get(keyText(place)), place));
    },
    async put(holds) {
      const key = holdsKey(holds);
      const fields = parse<OpenHolds>(openHolds, { ...holds }, key);
      const item = { ...fields, ...key, [READ_TABLE_END]: endOf(holds) };
      const put = await putVersion(database, item, holds.version);
      return put.stored ? { outcome: 'stored' } : { outcome: 'refused', there: optional(put.image, key) };
    },
    close: () => client.destroy(),
  };
}
