/**
 * How many partitions a key is spread over, where one partition could not take the writes: DynamoDB serves
 * 1000 writes per second to one. A list reads all its shards and merges them, so fewer are cheaper to read.
 * Changing a number needs a migration: what was written keeps its shard.
 */

/** Reservations of one tenant by time: one index write per hold. */
export const RESERVATION_LIST_SHARDS = 4;
/** Ledger of one location by time: one index write per movement. */
export const LOCATION_LEDGER_SHARDS = 4;
/** Open reservations of one tenant that name several skus; those of one sku are kept by sku. */
export const OPEN_SHARDS = 4;
/** Due work of one region, of all tenants: an index write when a hold is placed and one when it ends. */
export const DUE_SHARDS = 16;
/** Messages of one region that are to be sent, of all tenants: deliveries, and what nobody took while a bus was down. */
export const SENDING_SHARDS = 4;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The shard of an id, by the FNV-1a hash: even, cheap, and the same in every process for ever. */
export function shardOf(id: string, shards: number): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), FNV_PRIME);
  }
  return (hash >>> 0) % shards;
}

/** All shards, to read them. */
export const shardsOf = (shards: number): number[] => Array.from({ length: shards }, (_, shard) => shard);
