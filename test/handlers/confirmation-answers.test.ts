import { beforeEach, describe, expect, it } from 'vitest';
import {
  answerConfirmation,
  answerOrder,
  answerReservation,
} from '../../lambdas/http/answers/reservation.ts';
import { readOrder } from '../../lib/application/read-order.ts';
import { confirmReservationContract } from '../../lib/contracts/confirm-reservation.ts';
import { createOpenApi } from '../../lib/contracts/openapi.ts';
import { getOrderContract } from '../../lib/contracts/reservations.ts';
import { Shop } from '../support/shop.ts';
import { createWorld, TENANT } from '../support/world.ts';

let shop: Shop;

beforeEach(async () => {
  shop = new Shop(createWorld());
  await shop.open();
});

const APPLIED = { 'Preference-Applied': 'respond-async' };

describe('the answer to a confirmation', () => {
  it('is 202 while it is queued, and 200 once it is made', async () => {
    const id = await shop.hold();
    const queued = await shop.queue(id, { orderId: 'order' });
    if (!queued.ok) throw new Error('refused');
    const answer = answerConfirmation(queued.value, true);
    expect(answer).toMatchObject({
      status: 202,
      headers: APPLIED,
      body: { status: 'held', confirmation: 'queued' },
    });
    expect(answer.body).not.toHaveProperty('orderId');
    expect(confirmReservationContract.answers[202].safeParse(answer.body)).toMatchObject({ success: true });
    await shop.accept(id);
    const again = await shop.queue(id, { orderId: 'order' });
    if (!again.ok) throw new Error('refused');
    expect(answerConfirmation(again.value, true)).toMatchObject({
      status: 200,
      headers: {},
      body: { status: 'confirmed' },
    });
    expect(answerReservation(await shop.reservation(id))).not.toHaveProperty('confirmation');
  });

  it('is the first one again to a retry, whatever it prefers and whatever has happened', async () => {
    const [first, second] = [await shop.hold(), await shop.hold()];
    const key = shop.nextKey();
    await shop.queue(first, {}, key);
    await shop.accept(first);
    const queued = await shop.confirm(first, {}, key);
    await shop.confirm(second, {}, key);
    const made = await shop.queue(second, {}, key);
    if (!queued.ok || !made.ok) throw new Error('refused');
    const answers = [answerConfirmation(queued.value, false), answerConfirmation(made.value, true)];
    expect(answers.map(({ status, headers }) => [status, headers])).toEqual([
      [202, {}],
      [200, {}],
    ]);
  });

  it('shows that it failed, and the order says why', async () => {
    const id = await shop.hold(2, 5);
    await shop.queue(id, { orderId: 'order' });
    shop.world.clock.advance(5_000);
    await shop.accept(id);
    expect(answerReservation(await shop.reservation(id))).toMatchObject({ confirmation: 'failed' });
    const order = await readOrder(shop.world, TENANT, 'order');
    if (!order.ok) throw new Error('refused');
    const answer = answerOrder(order.value);
    expect(getOrderContract.answers[200].safeParse(answer)).toMatchObject({ success: true });
    expect(answer).toMatchObject({ status: 'failed', failure: { code: 'reservation_expired' } });
  });
});

describe('the document of a confirmation', () => {
  it('names the preference, and the header that says it was honoured', () => {
    const { paths } = createOpenApi({ version: '1', serverUrl: '' });
    const post = paths?.['/v1/reservations/{reservationId}/confirm']?.post;
    const text = JSON.stringify(post?.parameters);
    expect(text).toContain('#/components/parameters/Prefer"');
    const applied = (status: string) => Object.keys(post?.responses?.[status].headers ?? {});
    expect(applied('202')).toContain('Preference-Applied');
    expect(applied('200')).not.toContain('Preference-Applied');
    const release = paths?.['/v1/reservations/{reservationId}/release']?.post;
    expect(JSON.stringify(release?.parameters)).not.toContain('Prefer');
  });
});
