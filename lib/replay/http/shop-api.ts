import * as z from 'zod';
import type { CartLine } from '../collect-invoices.ts';
import type { Product } from '../plan-orders.ts';
import { expect, parse, read, unexpected } from './answers.ts';
import type { PatientClient } from './patient-client.ts';
import type { HttpAnswer } from './transport.ts';

const held = z.object({ reservationId: z.string() });
const shown = z.object({ status: z.string() });
const problem = z.object({ code: z.string(), lines: z.array(z.object({ sku: z.string() })).optional() });
const health = z.object({ region: z.string() });
const audit = z.object({
  ok: z.boolean(),
  stable: z.boolean(),
  onHand: z.number(),
  held: z.number(),
  committed: z.number(),
  unbookedShipments: z.number(),
  violations: z.array(z.string()),
});

export type Audit = z.infer<typeof audit>;

export type Hold =
  | { readonly outcome: 'held'; readonly reservationId: string }
  /** `skus`: those there was too little of. */
  | { readonly outcome: 'refused'; readonly skus: readonly string[] };

/** A step of a reservation is done, or the hold had expired before. */
export type Step = 'done' | 'expired';

export interface PutLocation {
  readonly locationId: string;
  readonly name: string;
  readonly region: string;
  readonly priority: number;
}

export interface Movement {
  readonly type: 'receipt' | 'return';
  readonly line: CartLine;
  readonly locationId: string;
  readonly reference: string;
}

export interface HoldRequest {
  readonly lines: readonly CartLine[];
  readonly ttlSeconds: number;
  readonly reference: string;
}

/** The calls of a replay, each under the name it is measured by. Keys are idempotency keys. */
export interface ShopApi {
  /** The region that answers. */
  region(): Promise<string>;
  putLocation(location: PutLocation): Promise<void>;
  putProduct(product: Product): Promise<void>;
  move(movement: Movement, key: string): Promise<void>;
  hold(request: HoldRequest, key: string): Promise<Hold>;
  confirm(reservationId: string, orderId: string, key: string): Promise<Step>;
  release(reservationId: string, key: string): Promise<Step>;
  ship(reservationId: string, key: string): Promise<void>;
  audit(sku: string): Promise<Audit>;
}

function codeOf({ body }: HttpAnswer): string | undefined {
  return problem.safeParse(body).data?.code;
}

async function hold(client: PatientClient, body: HoldRequest, key: string): Promise<Hold> {
  const request = { method: 'POST', path: '/reservations', body, idempotencyKey: key } as const;
  const answer = await expect(client, 'hold', { ...request, statuses: [201, 409] });
  if (answer.status === 201) return { outcome: 'held', ...parse(held, request, answer) };
  if (codeOf(answer) !== 'insufficient_stock') throw unexpected(request, answer);
  const skus = parse(problem, request, answer).lines?.map(({ sku }) => sku) ?? [];
  return { outcome: 'refused', skus };
}

async function changeHold(
  client: PatientClient,
  action: 'confirm' | 'release',
  change: { readonly reservationId: string; readonly key: string; readonly body: object },
): Promise<Step> {
  const { reservationId, key, body } = change;
  const path = `/reservations/${reservationId}/${action}`;
  const request = { method: 'POST', path, body, idempotencyKey: key } as const;
  const answer = await expect(client, action, { ...request, statuses: [200, 409] });
  if (answer.status === 200) return 'done';
  if (codeOf(answer) !== 'reservation_expired') throw unexpected(request, answer);
  return 'expired';
}

async function ship(client: PatientClient, reservationId: string, key: string): Promise<void> {
  const path = `/reservations/${reservationId}/ship`;
  const request = { method: 'POST', path, body: {}, idempotencyKey: key } as const;
  const answer = await expect(client, 'ship', { ...request, statuses: [200] });
  if (parse(shown, request, answer).status !== 'shipped') throw unexpected(request, answer);
}

/** Puts a document where it may be already. */
async function put(client: PatientClient, operation: string, request: { path: string; body: object }) {
  await expect(client, operation, { method: 'PUT', ...request, statuses: [200, 201] });
}

/**
 * The API as the replay uses it.
 *
 * @param prefix of every name that the API sees; the replay itself never sees it.
 */
export function createShopApi(client: PatientClient, prefix: string): ShopApi {
  const named = <Line extends { readonly sku: string }>(line: Line) => ({ ...line, sku: prefix + line.sku });
  return {
    region: async () => (await read(client, 'health', { path: '/health', schema: health })).region,
    putLocation: ({ locationId, ...body }) =>
      put(client, 'put location', { path: `/locations/${prefix}${locationId}`, body }),
    putProduct: ({ sku, name }) =>
      put(client, 'put product', { path: `/products/${prefix}${sku}`, body: { name } }),
    move: async ({ type, line, locationId, reference }, key) => {
      const names = { locationId: prefix + locationId, reference: prefix + reference };
      const body = { type, ...named(line), ...names };
      const request = { method: 'POST', path: '/movements', body, idempotencyKey: key } as const;
      await expect(client, type, { ...request, statuses: [201] });
    },
    hold: async ({ lines, ttlSeconds, reference }, key) => {
      const body = { lines: lines.map(named), ttlSeconds, reference: prefix + reference };
      const answer = await hold(client, body, key);
      if (answer.outcome === 'held') return answer;
      return { ...answer, skus: answer.skus.map((sku) => sku.slice(prefix.length)) };
    },
    confirm: (reservationId, orderId, key) =>
      changeHold(client, 'confirm', { reservationId, key, body: { orderId: prefix + orderId } }),
    release: (reservationId, key) => changeHold(client, 'release', { reservationId, key, body: {} }),
    ship: (reservationId, key) => ship(client, reservationId, key),
    audit: (sku) => {
      const path = `/audit?sku=${encodeURIComponent(prefix + sku)}`;
      return read(client, 'audit', { path, schema: audit });
    },
  };
}
