import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callDatabase } from '../../lib/local/database/database-client.ts';
import { startDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import type { SeedContext } from '../../lib/local/seed-context.ts';
import { seedOnce } from '../../lib/local/seed-once.ts';
import { startEmbeddedStack } from '../../lib/local/start.ts';
import { FIXTURE, FIXTURE_KEYS } from './fixtures/fixture-stack.ts';
import { clientOf } from './fixtures/stack-client.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-data-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const start = () =>
  startEmbeddedStack({
    ...FIXTURE,
    regions: ['us-east-1'],
    port: 0,
    controlPort: 0,
    dataDir,
    onOutput: () => undefined,
  });

describe('a data directory', () => {
  it('keeps what a stack has acknowledged, up to the last write', async () => {
    const first = await start();
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

    const second = await start();
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
    await expect(start()).rejects.toThrow(
      'The data directory holds table fixture with other keys or indexes',
    );
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
