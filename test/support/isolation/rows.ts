/** How each route is asked about things that somebody has. */
import type { SentRequest } from '../../handlers/gateway-events.ts';
import type { Kind } from './fields.ts';

/** One thing of every kind. */
export type Ids = Readonly<Record<Exclude<Kind, 'cursor'>, string>> & {
  readonly cursor?: string;
  /** Items on a page. */
  readonly limit?: string;
};

export interface Row {
  readonly asks: (ids: Ids) => Pick<SentRequest, 'query' | 'body'>;
  /** The reservation must be confirmed before. @default false */
  readonly confirmed?: true;
}

const line = ({ sku, locationId }: Ids) => ({ sku, locationId, quantity: 1 });
const nothing: Row = { asks: () => ({}) };
const empty: Row = { asks: () => ({ body: {} }) };
const paged = ({ cursor, limit }: Ids) => ({
  ...(cursor !== undefined && { cursor }),
  ...(limit !== undefined && { limit }),
});
const list = (query: (ids: Ids) => Readonly<Record<string, string>> = () => ({})): Row => ({
  asks: (ids) => ({ query: { ...query(ids), ...paged(ids) } }),
});

/** One row for every route that a tenant's key may use. */
export const ROWS: Readonly<Record<string, Row>> = {
  putProduct: { asks: () => ({ body: { name: 'Thing' } }) },
  getProduct: nothing,
  archiveProduct: nothing,
  listProducts: list(({ sku }) => ({ prefix: sku })),
  putLocation: { asks: () => ({ body: { name: 'Place', region: 'us-east-1' } }) },
  getLocation: nothing,
  listLocations: list(),
  getStock: { asks: () => ({ query: { consistency: 'strong' } }) },
  batchGetStock: { asks: ({ sku }) => ({ body: { skus: [sku] } }) },
  recordMovement: {
    asks: (ids) => ({ body: { type: 'receipt', ...line(ids), reference: ids.reference } }),
  },
  listMovements: list(({ sku, locationId }) => ({ sku, locationId })),
  auditStock: { asks: ({ sku }) => ({ query: { sku } }) },
  reserveStock: { asks: (ids) => ({ body: { lines: [line(ids)], reference: ids.reference } }) },
  confirmReservation: { asks: (ids) => ({ body: { orderId: ids.orderId, lines: [line(ids)] } }) },
  getReservation: nothing,
  listReservations: list(({ sku, reference }) => ({ sku, reference })),
  releaseReservation: { asks: (ids) => ({ body: { lines: [line(ids)] } }) },
  extendReservation: { asks: () => ({ body: { ttlSeconds: 600 } }) },
  cancelReservation: { ...empty, confirmed: true },
  shipReservation: { asks: (ids) => ({ body: { lines: [line(ids)] } }), confirmed: true },
  getOrder: nothing,
  putWebhook: { asks: () => ({ body: { url: 'http://127.0.0.1:9/hook' } }) },
  getWebhook: nothing,
  deleteWebhook: nothing,
  listWebhooks: list(),
  listDeliveries: list(),
  replayDelivery: empty,
  pingWebhook: empty,
  createKey: { asks: () => ({ body: { scopes: ['read'] } }) },
  listKeys: list(),
  revokeKey: nothing,
  listRegions: nothing,
  getQuotas: nothing,
  rebalanceStock: empty,
};
