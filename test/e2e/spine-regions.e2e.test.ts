/** Three regions, each of which follows what it hears of the others. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { busEvents, checkContract, distinctEvents, figuresOf, quiesce, until } from './spine.ts';
import { startTestStack, type TestStack } from './stack.ts';

const REGIONS = ['us-east-1', 'eu-west-1', 'ap-northeast-1'] as const;
const [US, EU, AP] = REGIONS;
/** What is done in one region is in the eventual answers of the others within this. */
const HEARD_WITHIN_MS = 5_000;

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack(REGIONS);
  const us = test.demoIn(US);
  for (const region of REGIONS)
    await us.expect(201, `PUT /locations/hall-${region}`, { name: region, region });
  for (const [sku, quantity] of [
    ['far', 9],
    ['last', 1],
  ] as const) {
    await us.expect(201, `PUT /products/${sku}`, { name: sku });
    await us.expect(201, 'POST /movements', { type: 'receipt', sku, locationId: `hall-${US}`, quantity });
  }
  await quiesce(test);
}, 180_000);
afterAll(() => test?.stack.stop());

const hold = async (region: string, sku: string, quantity: number): Promise<string> => {
  const body = { lines: [{ sku, quantity }], ttlSeconds: 3_600 };
  return (await test.demoIn(region).expect(201, 'POST /reservations', body)).body.reservationId;
};
const stockIn = async (region: string, sku: string) =>
  figuresOf((await test.demoIn(region).expect(200, `GET /stock/${sku}`)).body);
const strong = async (sku: string) =>
  figuresOf((await test.demoIn(US).expect(200, `GET /stock/${sku}?consistency=strong`)).body);

async function expectSameEverywhere(sku: string): Promise<void> {
  const truth = await strong(sku);
  for (const region of REGIONS) expect(await stockIn(region, sku)).toEqual(truth);
}

it('shows a hold of another region within seconds, in all of them', async () => {
  await hold(EU, 'far', 2);
  for (const region of [US, AP]) {
    await until(`${region} has heard of it`, HEARD_WITHIN_MS, async () => {
      return (await stockIn(region, 'far'))['held'] === 2;
    });
  }
  await quiesce(test);
  await expectSameEverywhere('far');
}, 120_000);

it('queues a confirmation where the reservation is at home, whoever is asked', async () => {
  const id = await hold(EU, 'far', 1);
  const owner = id.slice(0, id.indexOf('.'));
  const asked = owner === AP ? US : AP;
  await quiesce(test);
  await test.control.expect(200, 'POST /event-sources', { function: 'OrderWorker', paused: true });
  const headers = { Prefer: 'respond-async' };
  const path = `POST /reservations/${id}/confirm`;
  await test.demoIn(asked).expect(202, path, { orderId: 'order-far' }, { headers });
  const open = await test.control.expect(504, 'POST /quiesce', { timeoutMs: 3_000 });
  const waiting = open.body.open.filter(({ queue = '' }: { queue?: string }) => queue.endsWith('-orders'));
  expect(waiting).toMatchObject([{ region: owner, visible: 1 }]);
  await test.control.expect(200, 'POST /event-sources', { function: 'OrderWorker', paused: false });
  await quiesce(test);
  for (const region of REGIONS) {
    const order = await test.demoIn(region).expect(200, 'GET /orders/order-far');
    expect(order.body).toMatchObject({ status: 'accepted', reservationId: id });
  }
}, 120_000);

it('tells once, from the home of the tenant, that the last unit is gone', async () => {
  await hold(AP, 'last', 1);
  await quiesce(test);
  const out = await busEvents(test.control, 'stock.out');
  expect(distinctEvents(out)).toMatchObject([{ detail: { subject: 'last', region: US } }]);
}, 120_000);

it('catches up after a region was away, and tells that a region is drained', async () => {
  await test.control.expect(200, `POST /regions/${AP}/stop`);
  await hold(US, 'far', 1);
  await test.control.expect(200, `POST /regions/${AP}/start`);
  await quiesce(test);
  await expectSameEverywhere('far');
  await test.operator.expect(200, `POST /regions/${AP}/drain`, {});
  await until('the region is drained', 60_000, async () => {
    await test.control.expect(200, 'POST /clock', { advanceMs: 60_000 });
    await quiesce(test);
    return (await busEvents(test.control, 'region.drained')).length > 0;
  });
  const [drained] = distinctEvents(await busEvents(test.control, 'region.drained'));
  expect(drained?.detail).toMatchObject({ subject: AP, tenantId: '~operator', data: { region: AP } });
  for (const event of await busEvents(test.control)) checkContract(event);
  const state = await test.control.expect(200, 'GET /state');
  expect(state.body.replicationConflicts).toBe(0);
}, 180_000);
