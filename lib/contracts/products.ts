import * as z from 'zod';
import { sku } from './identifiers.ts';
import { pageOf, pageQuery } from './lists.ts';
import { quantityOrNone, version } from './numbers.ts';
import type { OperationContract } from './operation-contract.ts';
import { name, paragraph, stringMap, word } from './text.ts';
import { timestamp } from './times.ts';

const productStatus = z.enum(['active', 'archived']).meta({
  description: '`archived`: no new receipts and holds. Putting the product again makes it active.',
  example: 'active',
});

const description = paragraph.meta({ description: 'What the product is, for people.' });
const unit = word.meta({ description: 'What one unit is called.', example: 'each' });
const safetyStock = quantityOrNone.meta({
  description: 'Units kept back from sale at each location.',
  example: 5,
});

const productBody = z
  .strictObject({
    name,
    description: description.optional(),
    unit: unit.default('each'),
    attributes: stringMap.default({}),
    safetyStock: safetyStock.default(0),
  })
  .meta({ id: 'ProductInput', description: 'A product as it shall be; what is left out gets its default.' });

const product = z
  .strictObject({
    sku,
    name,
    description: description.optional(),
    unit,
    attributes: stringMap,
    safetyStock,
    status: productStatus,
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Product', description: 'What is sold, under the name the tenant gave it.' });

const params = z.strictObject({ sku });

export const putProductContract = {
  operationId: 'putProduct',
  summary: 'Create or replace a product',
  description:
    'After a change of `safetyStock`, free units are kept back at once and the rest as they come free. Putting an archived product makes it active again.',
  tag: 'Catalogue',
  caller: 'tenant',
  versioned: true,
  params,
  body: productBody,
  answers: { 200: product, 201: product },
  problems: ['version_mismatch', 'contended'],
  unsupportedFields: {
    bundle: { schema: z.unknown() },
    backorderLimit: { schema: quantityOrNone, declines: 0 },
    reorderPolicy: { schema: z.unknown() },
  },
} as const satisfies OperationContract;

export const getProductContract = {
  operationId: 'getProduct',
  summary: 'Read a product',
  tag: 'Catalogue',
  caller: 'tenant',
  versioned: true,
  params,
  answers: { 200: product, 304: null },
  problems: ['not_found', 'version_mismatch'],
} as const satisfies OperationContract;

export const archiveProductContract = {
  operationId: 'archiveProduct',
  summary: 'Archive a product',
  description: 'Refused while the product has stock or open reservations. Its ledger stays.',
  tag: 'Catalogue',
  caller: 'tenant',
  versioned: true,
  params,
  answers: { 204: null },
  problems: ['version_mismatch', 'not_found', 'product_in_use', 'contended'],
} as const satisfies OperationContract;

export const listProductsContract = {
  operationId: 'listProducts',
  summary: 'List products by sku',
  tag: 'Catalogue',
  caller: 'tenant',
  query: z.strictObject({
    prefix: sku.optional().meta({ description: 'Only skus that begin so.', example: 'KEY' }),
    status: productStatus.optional().meta({ description: 'Only products in this state; all unless asked.' }),
    ...pageQuery,
  }),
  answers: { 200: pageOf('ProductPage', product) },
  problems: ['invalid_cursor'],
} as const satisfies OperationContract;
