/**
 * Ten thousand confirmations, each told of up to three times, to workers that are killed again and again, and a
 * hundredth of them poison: every order is accepted once, and nothing waits behind the poison.
 */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../lib/adapters/dynamodb/client.ts';
import { itemKey } from '../../lib/adapters/dynamodb/keys.ts';
import { createStore } from '../../lib/adapters/dynamodb/store.ts';
import { useCaseDependencies } from '../../lib/adapters/use-case-dependencies.ts';
import { confirmReservation } from '../../lib/application/confirm-reservation.ts';
import { MAX_RECEIVES } from '../../lib/config/queues.ts';
import { formatReservationId } from '../../lib/domain/identifiers.ts';
import type { Reservation } from '../../lib/domain/reservation.ts';
import { LOCAL_CREDENTIALS } from '../../lib/local/credentials.ts';
import { storeAll } from '../support/guarded-writes.ts';
import {
  linesOf,
  movementRecord,
  productRecord,
  quotaRecord,
  reservationRecord,
  stockRecord,
} from '../support/stored-records.ts';
import { busEvents, inParallel } from './spine.ts';
import { startTestStack, type TestStack } from './stack.ts';

const CONFIRMS = 10_000;
const SKUS = 10;
/** One in so many has something in its way that no retry removes. */
const POISON_EVERY = 100;
const POISON = CONFIRMS / POISON_EVERY;
const CALLERS = 12;
/** Confirmed before their messages are repeated: while the workers are still at them. */
const CHUNK = 500;
const CRASH_EVERY_MS = 8_000;
/** The killing ends when so few messages are left. */
const FEW = 500;
const REGION = 'us-east-1';
const TENANT = 'demo';
const HOUR_MS = 3_600_000;
/** A poisoned message is received five times, each time a little later. */
const DEAD_LETTERS_WITHIN_MS = 500_000;

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test?.stack.stop());

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
const skuOf = (index: number): string => `sku-${index % SKUS}`;
const orderIdOf = (index: number): string => `order-${index}`;
const isPoison = (index: number): boolean => index % POISON_EVERY === 0;

const connection = () => ({
  region: REGION,
  endpoint: test.stack.regions[0]?.databaseEndpoint ?? '',
  credentials: LOCAL_CREDENTIALS,
  timeoutMs: 20_000,
});
const tableName = () => test.stack.tables[0]?.create.TableName ?? '';

/** Holds as the service stores them. To place them over HTTP would take longer than the test. */
async function placeHolds(): Promise<Reservation[]> {
  const nowMs = Date.now();
  const holds = Array.from({ length: CONFIRMS }, (_, index) =>
    reservationRecord({
      tenantId: TENANT,
      keyHash: hex(index + 1, 32),
      nonce: hex(index + 1, 12),
      lines: linesOf(skuOf(index)),
      createdAtMs: nowMs,
      firstExpiresAtMs: nowMs + HOUR_MS,
      expiresAtMs: nowMs + HOUR_MS,
    }),
  );
  const units = CONFIRMS / SKUS;
  const places = Array.from({ length: SKUS }, (_, index) => ({
    tenantId: TENANT,
    sku: skuOf(index),
  })).flatMap((of) => [
    ['product', productRecord(of)] as const,
    ['stock', stockRecord({ ...of, onHand: units })] as const,
    ['quota', quotaRecord({ ...of, promised: units })] as const,
    ['movement', movementRecord({ ...of, quantity: units, delta: units, onHandAfter: units })] as const,
  ]);
  const store = createStore({ ...connection(), tableName: tableName() });
  await storeAll(store, ...places, ...holds.map((hold) => ['reservation', hold] as const));
  store.close();
  return holds;
}

const orderItemKey = (hold: Reservation, index: number) =>
  itemKey('order', { tenantId: TENANT, orderId: orderIdOf(index), region: REGION, keyHash: hold.keyHash });

/** Something that is no order, where an order is to be: whoever reads it fails. */
async function poison(holds: readonly Reservation[], does: 'put' | 'remove'): Promise<void> {
  const client = createClient(connection());
  for (const [index, hold] of holds.entries()) {
    if (!isPoison(index)) continue;
    const Key = orderItemKey(hold, index);
    const table = { TableName: tableName() };
    await (does === 'put'
      ? client.send(new PutCommand({ ...table, Item: { ...Key, status: 'no order' } }))
      : client.send(new DeleteCommand({ ...table, Key })));
  }
  client.destroy();
}

interface QueueView {
  readonly name: string;
  readonly depth: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly url: string;
}

async function queueNamed(end: string): Promise<QueueView> {
  const { body } = await test.control.expect(200, 'GET /queues');
  const found = (body as QueueView[]).find(({ name }) => name.endsWith(end));
  if (found === undefined) throw new Error(`There is no queue ${end}`);
  return found;
}

/** Sends to the queue of orders, as the stream's function does. */
async function openOrderQueue() {
  const { body } = await test.control.expect(200, 'GET /state');
  const endpoint: string = body.sqs.endpoint;
  const { url } = await queueNamed('-orders');
  return { sqs: new SQSClient({ region: REGION, endpoint, credentials: LOCAL_CREDENTIALS }), url };
}

type OrderQueue = Awaited<ReturnType<typeof openOrderQueue>>;

/** Tells the workers of confirmations once or twice more, beside what the stream tells them. */
async function repeatMessages({ sqs, url }: OrderQueue, holds: readonly Reservation[]): Promise<number> {
  const messages = holds.flatMap((hold, index) => {
    const reservationId = formatReservationId(hold);
    const message = { id: `${reservationId}/2`, tenantId: TENANT, reservationId, version: 2 };
    return Array.from({ length: index % 3 }, () => JSON.stringify(message));
  });
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages
      .slice(start, start + 10)
      .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  }
  return messages.length;
}

/** Kills every environment until it is told to stop. @returns how often it did. */
async function crashUntil(stop: AbortSignal): Promise<number> {
  let crashes = 0;
  while (!stop.aborted) {
    await sleep(CRASH_EVERY_MS);
    await test.control.expect(200, `POST /regions/${REGION}/crash`);
    crashes += 1;
  }
  return crashes;
}

/** The use case itself: ten thousand requests over HTTP would test the gateway, and take minutes. */
function createClerk() {
  const store = createStore({ ...connection(), tableName: tableName() });
  const where = { region: REGION, regions: [REGION], openRemote: () => store };
  const deps = useCaseDependencies(store, where);
  const confirm = async (hold: Reservation, index: number): Promise<void> => {
    const name = `confirm-${index}`;
    const confirmed = await confirmReservation(
      deps,
      { tenantId: TENANT, actor: 'test' },
      {
        reservationId: formatReservationId(hold),
        command: { orderId: orderIdOf(index) },
        idempotency: { key: name, fingerprint: name },
      },
    );
    if (!confirmed.ok) throw new Error(`${orderIdOf(index)}: ${confirmed.rejection.detail}`);
  };
  return { confirm, close: () => store.close() };
}

async function untilFewAreLeft(): Promise<void> {
  for (;;) {
    const { depth, inFlight } = await queueNamed('-orders');
    if (depth + inFlight < FEW) return;
    await sleep(500);
  }
}

const acceptedOrders = async () => {
  const events = await busEvents(test.control, 'order.accepted');
  return events.map(({ detail }) => ({ id: detail.id, orderId: detail.data.orderId }));
};

async function redrive(queue: string): Promise<void> {
  const bin = fileURLToPath(new URL('../../bin/dlq.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [bin, 'redrive', queue, '--control', test.stack.control]);
}

it('accepts every order once, and those that were poison after a redrive', async () => {
  const holds = await placeHolds();
  await poison(holds, 'put');
  const stop = new AbortController();
  const crashing = crashUntil(stop.signal);
  const queue = await openOrderQueue();
  const clerk = createClerk();
  let repeated = 0;
  for (let start = 0; start < CONFIRMS; start += CHUNK) {
    const chunk = holds.slice(start, start + CHUNK);
    await inParallel(chunk, CALLERS, (hold, index) => clerk.confirm(hold, start + index));
    repeated += await repeatMessages(queue, chunk);
  }
  queue.sqs.destroy();
  clerk.close();
  await untilFewAreLeft();
  stop.abort();
  expect(await crashing).toBeGreaterThan(5);
  expect(repeated).toBeGreaterThan(0.9 * CONFIRMS);

  // The poison ends in the dead-letter queue, each message after its receives; everything else is accepted.
  await test.control.expect(200, 'POST /quiesce', { timeoutMs: DEAD_LETTERS_WITHIN_MS });
  const accepted = await acceptedOrders();
  expect(new Set(accepted.map(({ orderId }) => orderId)).size).toBe(CONFIRMS - POISON);
  expect(new Set(accepted.map(({ id }) => id)).size).toBe(CONFIRMS - POISON);
  const dlq = await queueNamed('-orders-dlq');
  expect(dlq.depth).toBeGreaterThanOrEqual(POISON);
  const { body: dead } = await test.control.expect(200, `GET /queues/${dlq.name}/messages`);
  // The emulator counts the move to the dead-letter queue as one more.
  for (const { receiveCount } of dead) expect(receiveCount).toBe(MAX_RECEIVES + 1);

  await poison(holds, 'remove');
  await redrive(dlq.name);
  await test.control.expect(200, 'POST /quiesce', { timeoutMs: 90_000 });
  const all = await acceptedOrders();
  expect(new Set(all.map(({ orderId }) => orderId)).size).toBe(CONFIRMS);
  // One event for each order, however often it was delivered.
  expect(new Set(all.map(({ id }) => id)).size).toBe(CONFIRMS);
  expect((await queueNamed('-orders-dlq')).depth).toBe(0);
  for (let index = 0; index < CONFIRMS; index += 97) {
    const order = await test.demo.expect(200, `GET /orders/${orderIdOf(index)}`);
    expect(order.body).toMatchObject({ status: 'accepted', duplicates: [] });
  }
}, 900_000);
