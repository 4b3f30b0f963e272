import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CREDENTIALS } from '../../lib/local/credentials.ts';
import { callDatabase } from '../../lib/local/database/database-client.ts';
import type { EmbeddedStack } from '../../lib/local/embedded-stack.ts';
import { startEmbeddedStack } from '../../lib/local/start.ts';
import { FIXTURE } from './fixtures/fixture-stack.ts';
import { clientOf } from './fixtures/stack-client.ts';

let dataDir: string;
let stack: EmbeddedStack;
let client: ReturnType<typeof clientOf>;
let bus: EventBridgeClient;
let firehose: FirehoseClient;
const output: string[] = [];

async function start(): Promise<void> {
  const onOutput = (line: string) => output.push(line);
  const regions = ['us-east-1'];
  stack = await startEmbeddedStack({ ...FIXTURE, regions, port: 0, controlPort: 0, dataDir, onOutput });
  client = clientOf(stack);
  const { environment } = (await client.get('/any')).body;
  const settings = { region: 'us-east-1', credentials: LOCAL_CREDENTIALS, maxAttempts: 1 };
  bus = new EventBridgeClient({ ...settings, endpoint: environment.AWS_ENDPOINT_URL_EVENTBRIDGE });
  firehose = new FirehoseClient({ ...settings, endpoint: environment.AWS_ENDPOINT_URL_FIREHOSE });
}
async function stop(): Promise<void> {
  bus?.destroy();
  firehose?.destroy();
  await stack?.stop();
}
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-data-'));
  await start();
});
afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const put = (...entries: [DetailType: string, detail: object][]) =>
  bus.send(
    new PutEventsCommand({
      Entries: entries.map(([DetailType, detail]) => ({
        Source: 'fixture',
        DetailType,
        Detail: JSON.stringify(detail),
        EventBusName: 'fixture',
      })),
    }),
  );
const log = (...lines: string[]) =>
  firehose.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: 'fixture',
      Records: lines.map((line) => ({ Data: Buffer.from(line) })),
    }),
  );
const eventsOf = async (query = '') => (await client.control(`GET /events${query}`)).body;
const quiesce = async () =>
  expect((await client.control('POST /quiesce', { timeoutMs: 20_000 })).status).toBe(200);
const noted = async (id = '') => {
  const Key = { pk: { S: 'noted-us-east-1' }, sk: { S: id } };
  const input = { TableName: 'fixture', Key, ConsistentRead: true };
  const endpoint = stack.regions[0]?.databaseEndpoint ?? '';
  return (await callDatabase<{ Item?: { detail: { S: string } } }>(endpoint, 'GetItem', input)).Item?.detail
    .S;
};

describe('an event that is put', () => {
  it('has reached its function when all is quiet, and is in the list of all events', async () => {
    const { Entries = [] } = await put(
      ['note.this', { tenantId: 'a' }],
      ['note.that', {}],
      ['other', { tenantId: 'b' }],
    );
    await quiesce();
    expect(await noted(Entries[0]?.EventId)).toBe('{"tenantId":"a"}');
    expect(await noted(Entries[1]?.EventId)).toBeUndefined();
    const all = await eventsOf();
    expect(all).toMatchObject({ next: 3, dropped: 0 });
    expect(all.items[0]).toEqual({
      sequence: 1,
      id: Entries[0]?.EventId,
      region: 'us-east-1',
      detailType: 'note.this',
      source: 'fixture',
      at: expect.any(String),
      detail: { tenantId: 'a' },
    });
    expect((await eventsOf('?after=2')).items).toMatchObject([{ sequence: 3 }]);
    expect((await eventsOf('?after=&tenantId=a')).items).toMatchObject([{ sequence: 1 }]);
    expect((await eventsOf('?detailType=other')).items).toMatchObject([{ sequence: 3 }]);
  });

  it.each(['?after=x', '?after=-1', '?colour=red'])('is not found by %s', async (query) => {
    expect((await client.control(`GET /events${query}`)).status).toBe(400);
  });

  it('counts as open until its function has it', async () => {
    await client.control('POST /faults', { operation: 'UpdateItem', rate: 1, kind: 'error_500' });
    const { Entries = [] } = await put(['note.this', { tenantId: 'late' }]);
    const { status, body } = await client.control('POST /quiesce', { timeoutMs: 500 });
    expect(status).toBe(504);
    expect(body.open).toMatchObject([{ region: 'us-east-1', eventDeliveries: 1 }]);
    await client.control('DELETE /faults');
    await client.control('POST /clock', { advanceMs: 60_000 });
    await quiesce();
    expect(await noted(Entries[0]?.EventId)).toBe('{"tenantId":"late"}');
  });
});

it('a record of the log is in a file when all is quiet', async () => {
  await log('one\n', 'two\n');
  await quiesce();
  const { directory } = (await client.control('GET /state')).body.analytics;
  expect(directory).toBe(path.join(dataDir, 'analytics'));
  const day = new Date(Date.now() + 60_000).toISOString().slice(0, 10);
  expect(readdirSync(path.join(directory, 'fixture-us-east-1', 'log', day))).toHaveLength(1);
});

describe('a fault', () => {
  it.each([
    ['PutEvents', () => put(['other', {}], ['other', {}]), 'FailedEntryCount'],
    ['PutRecordBatch', () => log('one', 'two'), 'FailedPutCount'],
  ])('lets a part of %s fail', async (operation, call, count) => {
    await client.control('POST /faults', { operation, rate: 1, kind: 'partial' });
    expect(await call()).toMatchObject({ [count]: 1 });
    await client.control('DELETE /faults');
    expect(await call()).toMatchObject({ [count]: 0 });
  });

  it.each(['UpdateItem', 'PutRecord', '*'])('of a part is refused for %s', async (operation) => {
    const { status, body } = await client.control('POST /faults', { operation, rate: 1, kind: 'partial' });
    expect(status).toBe(400);
    expect(body.message).toContain('fails as a whole');
  });
});

it('a region that is stopped refuses events, and takes them again after its start', async () => {
  await client.control('POST /regions/us-east-1/stop');
  await expect(put(['other', {}])).rejects.toThrow();
  await client.control('POST /regions/us-east-1/start');
  expect((await put(['other', {}])).FailedEntryCount).toBe(0);
});

it('a restart goes on with the numbers, and with what was not delivered', async () => {
  await client.control('POST /faults', { operation: 'UpdateItem', rate: 1, kind: 'error_500' });
  const { Entries = [] } = await put(['note.this', { tenantId: 'kept' }]);
  const before = await eventsOf();
  await stop();
  await start();
  await put(['other', { tenantId: 'new' }]);
  const after = await eventsOf();
  expect(after.items.slice(0, -1)).toEqual(before.items);
  expect(after.next).toBe(before.next + 1);
  await quiesce();
  expect(await noted(Entries[0]?.EventId)).toBe('{"tenantId":"kept"}');
});
