import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Replicator } from '../../lib/local/replication/replicator.ts';
import type { StreamRecord, WireImage } from '../../lib/local/streams/stream-record.ts';
import type { Json } from './fixtures/stack-client.ts';

/** Databases that only note what the replicator writes, so that the test says when their streams show it. */
const servers: Server[] = [];
const written: Record<string, Json[]> = { a: [], b: [] };
let answer: { status: number; body: object };
let replicator: Replicator;
const problems: string[] = [];

async function startDatabase(region: string): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    written[region]?.push(...JSON.parse(Buffer.concat(chunks).toString()).RequestItems.table);
    outgoing.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  answer = { status: 200, body: {} };
  for (const list of [written['a'], written['b'], problems]) list?.splice(0);
  const tables = new Set(['table']);
  const places = await Promise.all(
    ['a', 'b'].map(async (region) => ({ region, endpoint: await startDatabase(region), tables })),
  );
  replicator = new Replicator({ places, onProblem: (line) => problems.push(line) });
  for (const direction of replicator.directions) direction.set({ delayMs: 0 });
  for (const region of ['a', 'b']) replicator.connect(region);
});
afterEach(async () => {
  for (const region of ['a', 'b']) await replicator.disconnect(region);
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const key = { pk: { S: 'key' } };
const item = (by: string): WireImage => ({ ...key, by: { S: by } });
const shows = (region: string, NewImage: WireImage, rest: { old?: WireImage; readAtMs: number }): void => {
  const dynamodb = { Keys: key, NewImage, ...(rest.old && { OldImage: rest.old }), SequenceNumber: '1' };
  const wire = { eventName: 'MODIFY', dynamodb } as unknown as StreamRecord['wire'];
  replicator.observe(region, [{ tableName: 'table', lane: 'shard', readAtMs: rest.readAtMs, wire }]);
};
const until = async (region: string, count: number) => {
  for (let round = 0; round < 200 && (written[region]?.length ?? 0) < count; round++) await sleep(5);
  expect(written[region]).toHaveLength(count);
};

it('a later write that an earlier one has replaced on its way is put back, and neither is shipped again', async () => {
  shows('a', item('a'), { readAtMs: 1_000 });
  await until('b', 1);
  // The later write was there first, but nobody knew it when the earlier one was sent.
  shows('b', item('b'), { readAtMs: 2_000 });
  shows('b', item('a'), { readAtMs: 2_001, old: item('b') });
  await until('b', 2);
  expect(written['b']?.[1]).toEqual({ PutRequest: { Item: item('b') } });
  shows('b', item('b'), { readAtMs: 2_002, old: item('a') });
  await until('a', 1);
  expect(written['a']).toEqual([{ PutRequest: { Item: item('b') } }]);
  shows('a', item('b'), { readAtMs: 2_003, old: item('a') });
  await sleep(50);
  expect([written['a']?.length, written['b']?.length]).toEqual([1, 2]);
  expect(replicator.conflicts).toBeGreaterThan(0);
});

it('what the database leaves unprocessed is sent again, and so is what it refuses', async () => {
  answer = { status: 200, body: { UnprocessedItems: { table: [{ PutRequest: { Item: item('a') } }] } } };
  shows('a', item('a'), { readAtMs: 1_000 });
  await until('b', 1);
  answer = { status: 500, body: { __type: 'x#InternalServerError', message: 'not now' } };
  await until('b', 2);
  answer = { status: 200, body: {} };
  await until('b', 3);
  expect(problems).toEqual(['Replication from a to b: not now']);
  await sleep(20);
  expect(replicator.directions[0]?.backlog.size).toBe(0);
  // It is known again in the stream although it was sent three times.
  shows('b', item('a'), { readAtMs: 1_500 });
  await sleep(50);
  expect(written['a']).toEqual([]);
  // Only once: the same content, written there later, is a local write.
  shows('b', item('b'), { readAtMs: 2_000 });
  await until('a', 1);
  shows('b', item('a'), { readAtMs: 3_000 });
  await until('a', 2);
});
