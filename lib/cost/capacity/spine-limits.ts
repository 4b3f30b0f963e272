/** Limits of what follows an answer: stream, queues, bus, log, keys, sweep. */
import { QUEUES, type QueueName } from '../../config/queues.ts';
import { PER_REGION, TABLE_CALLERS } from '../deployed.ts';
import { SECONDS_PER_CHANGE, SECONDS_PER_MESSAGE } from '../flow.ts';
import { type Limit, SOURCES } from './limit.ts';

/** Batches of one shard that run side by side; of the event source mapping. */
export const BATCHES_PER_SHARD = 4;
/** A new table has four partitions, and a shard of the stream for each. */
const SHARDS_MIN = 4;
const WRITES_PER_SHARD = 1_000;
/** In the large regions; others take from 400 on. */
const BUS_EVENTS = 10_000;
/** Of most regions; five times as much in us-east-1, us-west-2 and eu-west-1. */
const DELIVERY_MIB = 1;
/** Of symmetric keys, of all that a region's account does with them; more in the large regions. */
const KEY_REQUESTS = 10_000;
const KEY_KEPT_SECONDS = 300;
/** 49 holds in a transaction, 50 ms each, one after the other. */
const SWEPT_HOLDS = 1_000;

const messagesOf = (queue: QueueName): number => QUEUES[queue].maxConcurrency / SECONDS_PER_MESSAGE;

export const SPINE_LIMITS: readonly Limit[] = [
  {
    name: 'Stream',
    unit: 'changes',
    kind: 'ours',
    source: 'lib/constructs/change-stream.ts',
    elastic: true,
    most: ({ writeUnits }) =>
      (Math.max(SHARDS_MIN, Math.ceil(writeUnits / WRITES_PER_SHARD)) * BATCHES_PER_SHARD) /
      SECONDS_PER_CHANGE,
    used: ({ changes }) => changes,
    seen: 'stock that is read is old, events, orders and webhooks are late; no hold is wrong',
    remedy: '`BATCHES_AT_ONCE`, up to 10',
  },
  {
    name: 'Queue of orders',
    unit: 'messages',
    kind: 'ours',
    source: 'lib/config/queues.ts',
    most: () => messagesOf('orders'),
    used: ({ orderMessages }) => orderMessages,
    seen: 'orders stay `processing` for longer',
    remedy: '`maxConcurrency`',
  },
  {
    name: 'Queue of notices',
    unit: 'events',
    kind: 'ours',
    source: 'lib/config/queues.ts',
    most: () => messagesOf('notices'),
    used: ({ events }) => events,
    seen: 'webhooks are late',
    remedy: '`maxConcurrency`',
  },
  {
    name: 'Queue of deliveries',
    unit: 'messages',
    kind: 'ours',
    source: 'lib/config/queues.ts',
    most: () => messagesOf('deliveries'),
    used: ({ deliveries }) => deliveries,
    seen: 'webhooks are late, sooner if receivers are slow',
    remedy: '`maxConcurrency`',
  },
  {
    name: 'Bus',
    unit: 'events',
    kind: 'quota',
    source: SOURCES.bus,
    most: () => BUS_EVENTS,
    used: ({ events }) => events,
    seen: 'events and webhooks are late: they are kept and sent again',
    remedy: 'raise "PutEvents throttle limit"; smaller regions begin with less',
  },
  {
    name: 'Analytics log',
    unit: 'MiB',
    kind: 'quota',
    source: SOURCES.delivery,
    most: () => DELIVERY_MIB,
    used: ({ logMib }) => logMib,
    seen: 'nothing at once: entries are kept and sent again, and each of these is two writes more',
    remedy: 'ask for more with the form for the limits of Firehose',
  },
  {
    name: 'Uses of the key of the tables',
    unit: 'requests',
    kind: 'quota',
    source: SOURCES.keys,
    most: () => KEY_REQUESTS,
    used: () => (TABLE_CALLERS * PER_REGION.tables) / KEY_KEPT_SECONDS,
    seen: '503 for all requests',
    remedy: 'none is needed: DynamoDB keeps keys for five minutes, so load does not matter',
  },
  {
    name: 'Sweep',
    unit: 'expired holds',
    kind: 'ours',
    source: 'remembered',
    most: () => SWEPT_HOLDS,
    used: ({ operations }) => operations.expire,
    seen: 'units of holds that expired are free again later than a minute',
    remedy: 'more runs at once: `reservedConcurrency` of `sweep`',
  },
];
