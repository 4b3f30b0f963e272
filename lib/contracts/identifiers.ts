import * as z from 'zod';

/**
 * Ids that callers choose: they stand in paths, keys, files and labels, and none of those needs to escape
 * them. Upper and lower case differ.
 */
const CHOSEN_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const CHOSEN_ID_ERROR = 'must be 1 to 64 of A-Z a-z 0-9 . _ : -, and start with a letter or digit';

/** Ids that the service made. What does not look like one cannot exist, so it is answered as missing. */
const MADE_ID = /^[A-Za-z0-9._:-]{1,256}$/;

const chosenId = (id: string, description: string, example: string) =>
  z
    .string({ error: CHOSEN_ID_ERROR })
    .regex(CHOSEN_ID, { error: CHOSEN_ID_ERROR })
    .meta({ id, description, example });

export const sku = chosenId('Sku', 'A product, as the tenant calls it.', 'KEYBOARD-01');
export const locationId = chosenId('LocationId', 'A place that keeps stock.', 'ber-1');
export const tenantId = chosenId('TenantId', 'A tenant, as the operator calls it.', 'acme');

export const webhookId = chosenId('WebhookId', 'A webhook, as the tenant calls it.', 'erp');

const madeId = (description: string, example: string) =>
  z.string().regex(MADE_ID, { error: 'is not an id of this service' }).meta({ description, example });

export const reservationId = madeId(
  'A reservation. The id begins with the region that keeps it.',
  'us-east-1.0123456789abcdef0123456789abcdef.a1b2c3d4e5f6',
);
export const movementId = madeId('A movement of the ledger.', 'mov-01HV6Z');
export const shipmentId = madeId('A shipment.', 'shp-01HV6Z');
export const keyId = madeId('An API key. This is its name, not its secret.', 'key-01HV6Z');

export const deliveryId = madeId(
  'A delivery of a webhook. The id says which region keeps it.',
  'dlv.us-east-1.1795512600000.0123456789abcdef0123456789abcdef',
);

/** Name of a region. Whether it is a deployed one is known to the use case only. */
export const region = z
  .string({ error: 'must be the name of a region, like us-east-1' })
  .regex(/^[a-z]{2,4}(-[a-z]{1,16}){1,3}-\d$/, { error: 'must be the name of a region, like us-east-1' })
  .meta({ id: 'Region', description: 'A deployed region.', example: 'us-east-1' });

/** Whoever made a change: a key of the tenant, or the service itself. */
export const actor = z.string().min(1).meta({
  description: 'The API key that made the change, or the part of the service that did.',
  example: 'key-01HV6Z',
});

/**
 * Path parameters that name a thing the service made, deployed or keeps under a free name. A value that cannot name one
 * is 404, as a thing that does not exist; a malformed sku or location id is 400, because the caller chose it.
 */
export const RESOURCE_PARAMS: ReadonlySet<string> = new Set([
  'reservationId',
  'orderId',
  'deliveryId',
  'keyId',
  'tenantId',
  'region',
]);
