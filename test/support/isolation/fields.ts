/** Which fields of requests name things, found in the contracts. */
import * as z from 'zod';
import type { Route } from '../../../lib/config/routes.ts';
import { CONTRACTS } from '../../../lib/contracts/endpoints.ts';
import type { OperationContract } from '../../../lib/contracts/operation-contract.ts';

/** What a tenant has that another could name. */
export const KINDS = [
  'sku',
  'locationId',
  'reservationId',
  'orderId',
  'reference',
  'webhookId',
  'deliveryId',
  'keyId',
  'cursor',
  'idempotencyKey',
] as const;
export type Kind = (typeof KINDS)[number];

/** Fields by which a request names one of them. */
const NAMING: Readonly<Record<string, Kind>> = {
  sku: 'sku',
  skus: 'sku',
  prefix: 'sku',
  locationId: 'locationId',
  reservationId: 'reservationId',
  orderId: 'orderId',
  reference: 'reference',
  webhookId: 'webhookId',
  deliveryId: 'deliveryId',
  keyId: 'keyId',
  cursor: 'cursor',
};

/** Fields that name nothing of a tenant. A new field of a contract must be put here or above. */
const NAMING_NOTHING: ReadonlySet<string> = new Set([
  ...['name', 'description', 'unit', 'attributes', 'safetyStock', 'status', 'limit', 'type', 'priority'],
  ...[
    'latitude',
    'longitude',
    'region',
    'consistency',
    'quantity',
    'reason',
    'from',
    'to',
    'lines',
    'metadata',
  ],
  ...[
    'ttlSeconds',
    'allowPartial',
    'carrier',
    'trackingId',
    'url',
    'detailTypes',
    'secret',
    'scopes',
    'targets',
  ],
  // Of operators only: a tenant's key is refused there whatever it names.
  ...['tenantId', 'tier', 'homeRegion'],
]);

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

function namesIn(schema: JsonSchema): string[] {
  const { properties = {}, items, $defs = {}, anyOf = [], oneOf = [], allOf = [] } = schema;
  const several = [Object.values(properties), Object.values($defs), anyOf, oneOf, allOf].flat();
  const inner = items === undefined ? several : [...several, items];
  return [...Object.keys(properties), ...inner.flatMap(namesIn)];
}

const fieldsOf = ({ params, query, body }: OperationContract): string[] =>
  [params, query, body].flatMap((schema) => {
    if (schema === undefined) return [];
    return namesIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);
  });

export function contractOf({ operationId }: Pick<Route, 'operationId'>): OperationContract {
  const contract = CONTRACTS.find((each) => each.operationId === operationId);
  if (contract === undefined) throw new Error(`There is no contract of ${operationId}.`);
  return contract;
}

/** Fields of all requests that nobody has thought about yet. */
export const unknownFields = (): string[] =>
  [...new Set(CONTRACTS.flatMap(fieldsOf))].filter((name) => !(name in NAMING) && !NAMING_NOTHING.has(name));

/** What a request of a route can name. */
export function kindsOf(route: Route): Set<Kind> {
  const named = fieldsOf(contractOf(route)).flatMap((name) => NAMING[name] ?? []);
  return new Set([...named, ...(route.idempotent ? (['idempotencyKey'] as const) : [])]);
}
