import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callDatabase } from '../../lib/local/database/database-client.ts';
import { startDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import type { EmbeddedStack } from '../../lib/local/embedded-stack.ts';
import type { SeedContext } from '../../lib/local/seed-context.ts';
import { seedOnce } from '../../lib/local/seed-once.ts';
import { startEmbeddedStack } from '../../lib/local/start.ts';
import { FIXTURE, FIXTURE_KEYS } from './fixtures/fixture-stack.ts';
import { clientOf } from './fixtures/stack-client.ts';

let dataDir: string;
const stacks: EmbeddedStack[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-data-'));
});
afterEach(async () => {
  // A test that fails stops nothing, and its databases would hold up the end of the run.
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  rmSync(dataDir, { recursive: true, force: true });
});

const output: string[] = [];
async function start(...regions: string[]): Promise<EmbeddedStack> {
  output.length = 0;
  const onOutput = (line: string) => output.push(line);
  const stack = await startEmbeddedStack({ ...FIXTURE, regions, port: 0, controlPort: 0, dataDir, onOutput });
  stacks.push(stack);
  return stack;
}

/** Each starts a stack or two, and two cores serve all tests at once. */
const TIMEOUT_MS = 180_000;

describe('a data directory', { timeout: TIMEOUT_MS }, () => {
  it('keeps what a stack has acknowledged, up to the last write', async () => {
    const first = await start('us-east-1');
    const order = (operation: string, input: object) => ({
      do: 'call',
      operation,
      input: { TableName: 'fixture', ...input },
    });
    const keys = Array.from({ length: 20 }, (_, index) => ({ pk: { S: 'kept' }, sk: { S: String(index) } }));
    for (const Item of keys) {
      const TransactItems = [{ Put: { TableName: 'fixture', Item } }];
      await clientOf(first).order({ do: 'call', operation: 'TransactWriteItems', input: { TransactItems } });
    }
    await first.stop();

    const second = await start('us-east-1');
    const found = await Promise.all(keys.map((Key) => clientOf(second).order(order('GetItem', { Key }))));
    expect(found.map(({ body }) => body.Item)).toEqual(keys);
    await second.stop();
  });

  it('with a table of another shape is refused', async () => {
    const database = await startDynamoDbLocal({ dataDir: path.join(dataDir, 'us-east-1') });
    await callDatabase(database.endpoint, 'CreateTable', {
      TableName: 'fixture',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'other', AttributeType: 'S' }],
    });
    await database.stop();
    await expect(start('us-east-1')).rejects.toThrow(
      'The data directory holds table fixture with other keys or indexes',
    );
  });
});

describe('a data directory of two regions', () => {
  const startBoth = async () => {
    const stack = await start('us-east-1', 'eu-west-1');
    const database = <Output>(region: number, operation: string, input: object) =>
      callDatabase<Output>(stack.regions[region]?.databaseEndpoint ?? '', operation, {
        TableName: 'fixture',
        ...input,
      });
    const keyOf = (pk: string, sk: string) => ({ pk: { S: pk }, sk: { S: sk } });
    return {
      stack,
      control: clientOf(stack).control,
      put: (sk: string, rest: object = {}) =>
        database(0, 'PutItem', { Item: { ...keyOf('item', sk), ...rest } }),
      remove: (sk: string, region: number) => database(region, 'DeleteItem', { Key: keyOf('item', sk) }),
      get: async (pk: string, sk: string, region: number) => {
        const Key = keyOf(pk, sk);
        return (await database<{ Item?: Record<string, { N: string }> }>(region, 'GetItem', { Key })).Item;
      },
    };
  };
  /** What is open after everything else is done. */
  const openAfter = async ({ control }: Awaited<ReturnType<typeof startBoth>>, timeoutMs = 10_000) =>
    (await control('POST /quiesce', { timeoutMs })).body.open;

  it('goes on with what was on its way, and ships nothing twice', async () => {
    const first = await startBoth();
    await first.put('arrived');
    expect(await openAfter(first)).toEqual([]);
    await first.control('POST /replication/us-east-1/eu-west-1', { paused: true });
    await first.put('on its way', { watched: { BOOL: true }, hangs: { S: 'us-east-1' } });
    const tries = async (stack: typeof first) =>
      (await stack.get('seen-us-east-1', 'on its way', 0))?.['tries']?.N;
    while ((await tries(first)) !== '1') await sleep(20);
    expect(await openAfter(first, 100)).toHaveLength(2);
    await first.stack.stop();

    const second = await startBoth();
    expect(await openAfter(second)).toEqual([]);
    expect(await second.get('item', 'on its way', 1)).toBeDefined();
    expect(await tries(second)).toBe('2');
    await second.remove('arrived', 1);
    expect(await openAfter(second)).toEqual([]);
    expect(await second.get('item', 'arrived', 0)).toBeUndefined();
    expect((await second.control('GET /state')).body.replicationConflicts).toBe(0);
    expect(output).toEqual([]);
  });

  it('that was left without order begins with what is new, and says so', async () => {
    const first = await startBoth();
    await first.put('old');
    expect(await openAfter(first)).toEqual([]);
    await first.stack.stop();
    rmSync(path.join(dataDir, 'streams.json'));

    const second = await startBoth();
    expect(output).toEqual([expect.stringMatching(/^The last run in .* did not end in order/)]);
    await second.remove('old', 1);
    await second.put('new');
    expect(await openAfter(second)).toEqual([]);
    expect(await second.get('item', 'old', 0)).toBeUndefined();
    expect(await second.get('item', 'new', 1)).toBeDefined();
    expect((await second.control('GET /state')).body.replicationConflicts).toBe(0);
  });
});

describe('the seed', () => {
  const context = (regions: readonly string[]): SeedContext => ({
    kind: 'none',
    regions: regions.map((region) => ({ region, api: '', databaseEndpoint: 'http://127.0.0.1:1' })),
    tables: [],
    dataDir,
    replicated: async () => undefined,
    signal: new AbortController().signal,
  });
  const keep = (kept: object) => writeFileSync(path.join(dataDir, 'keys.json'), JSON.stringify(kept));

  it('gives a stack whose data survived the keys that it had', async () => {
    keep({ regions: ['us-east-1'], keys: FIXTURE_KEYS });
    const before = readFileSync(path.join(dataDir, 'keys.json'), 'utf8');
    expect(await seedOnce(context(['us-east-1']))).toEqual(FIXTURE_KEYS);
    expect(readFileSync(path.join(dataDir, 'keys.json'), 'utf8')).toBe(before);
  });

  it.each([[['us-east-1', 'eu-west-1']], [['eu-west-1']]])(
    'refuses the data of other regions for %j',
    async (regions) => {
      keep({ regions: ['us-east-1'], keys: FIXTURE_KEYS });
      await expect(seedOnce(context(regions))).rejects.toThrow(
        /start with --regions us-east-1, or with an empty --data/,
      );
    },
  );
});
