/**
 * Reservations, version 1 to 2: an allocation is a list of four values, not a map of four names. Each saves the 29 bytes
 * of `locationId`, `region`, `shard` and `quantity`, up to 90 times in a reservation.
 */
import * as z from 'zod';
import type { Allocation } from '../../domain/reservation.ts';
import { firstWord, SORT } from './keys.ts';
import { count, id } from './schema-parts.ts';
import type { SchemaStep } from './schema-step.ts';

/** Strict: a list has no place for a field that this release does not know, and nothing is dropped in silence. */
const namedAllocation = z.strictObject({ locationId: id, region: id, shard: count, quantity: count });

const listedAllocation = z.tuple([id, id, count, count]);

const linesOf = <Allocated extends z.ZodType>(allocation: Allocated) =>
  z.object({ lines: z.array(z.looseObject({ allocations: z.array(allocation) })) });

const named = linesOf(namedAllocation);
const listed = linesOf(listedAllocation);

function toNames([locationId, region, shard, quantity]: z.infer<typeof listedAllocation>): Allocation {
  return { locationId, region, shard, quantity };
}

/** Allocations as lists. */
export const COMPACT_ALLOCATIONS: SchemaStep = {
  to: 2,
  fields: ['lines'],
  upgrade: (fields) => ({
    lines: named.parse(fields).lines.map((line) => ({
      ...line,
      allocations: line.allocations.map(({ locationId, region, shard, quantity }) => [
        locationId,
        region,
        shard,
        quantity,
      ]),
    })),
  }),
  downgrade: (fields) => ({
    lines: listed
      .parse(fields)
      .lines.map((line) => ({ ...line, allocations: line.allocations.map(toNames) })),
  }),
  schema: listed,
  isStoredAt: ({ pk, sk }) => pk.split('#')[2] === 'RES' && firstWord(sk) === SORT.reservation,
  writingRegion: ({ region }) => region,
};
