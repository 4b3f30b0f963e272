import { archiveProduct } from '../../lib/application/archive-product.ts';
import { putLocation } from '../../lib/application/put-location.ts';
import { putProduct } from '../../lib/application/put-product.ts';
import { readLocation, readProduct } from '../../lib/application/read-catalogue.ts';
import { listLocations, listProducts } from '../../lib/application/read-lists.ts';
import {
  getLocationContract,
  listLocationsContract,
  putLocationContract,
} from '../../lib/contracts/locations.ts';
import {
  archiveProductContract,
  getProductContract,
  listProductsContract,
  putProductContract,
} from '../../lib/contracts/products.ts';
import { answerLocation, answerProduct } from '../http/answers/catalogue.ts';
import { callerOf } from '../http/callers.ts';
import { failsPrecondition, versionTag } from '../http/entity-tags.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { answerPage } from '../http/pages.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { cursors, http, scopeOf } from './dependencies.ts';

const missing = (what: string) =>
  rejectionProblem({ code: 'not_found', detail: `There is no such ${what}.` });

/** A document with its version as entity tag; 201 when the request created it. */
const answerDocument = <Body extends { readonly version: number }>(body: Body, created = false) => {
  const headers = { ETag: versionTag(body.version) };
  return created ? ({ status: 201, body, headers } as const) : ({ status: 200, body, headers } as const);
};

/** Keeps products and the locations that stock them. */
export const handler = httpHandler(http, [
  operation(putProductContract).runs(async (request) => {
    const command = { ...request.params, ...given(request.body) };
    const precondition = (version: number | undefined) => !failsPrecondition(request, version);
    const put = await putProduct(scopeOf(request.principal.tenantId), callerOf(request), {
      command,
      precondition,
    });
    if (!put.ok) return rejectionProblem(put.rejection);
    return answerDocument(answerProduct(put.value.document), put.value.created);
  }),
  operation(getProductContract).runs(async ({ principal, params }) => {
    const product = await readProduct(scopeOf(principal.tenantId), principal.tenantId, params.sku);
    if (product === undefined) return missing('product');
    const headers = { ETag: versionTag(product.version) };
    return { status: 200, body: answerProduct(product), headers } as const;
  }),
  operation(archiveProductContract).runs(async (request) => {
    const precondition = (version: number | undefined) => !failsPrecondition(request, version);
    const archive = { sku: request.params.sku, precondition };
    const archived = await archiveProduct(scopeOf(request.principal.tenantId), callerOf(request), archive);
    return archived.ok ? ({ status: 204 } as const) : rejectionProblem(archived.rejection);
  }),
  operation(listProductsContract).runs(({ principal, query }) => {
    const { limit: _, cursor: __, ...filter } = given(query);
    const { tenantId } = principal;
    const { prefix = '', ...status } = filter;
    return answerPage(query, {
      cursors,
      scope: { tenantId, list: 'listProducts', filter },
      read: (page) => listProducts(scopeOf(tenantId), { tenantId, prefix, ...status }, page),
      show: answerProduct,
    });
  }),
  operation(putLocationContract).runs(async (request) => {
    const command = { ...request.params, ...given(request.body) };
    const precondition = (version: number | undefined) => !failsPrecondition(request, version);
    const put = await putLocation(scopeOf(request.principal.tenantId), callerOf(request), {
      command,
      precondition,
    });
    if (!put.ok) return rejectionProblem(put.rejection);
    return answerDocument(answerLocation(put.value.document), put.value.created);
  }),
  operation(getLocationContract).runs(async ({ principal, params }) => {
    const location = await readLocation(scopeOf(principal.tenantId), principal.tenantId, params.locationId);
    if (location === undefined) return missing('location');
    const headers = { ETag: versionTag(location.version) };
    return { status: 200, body: answerLocation(location), headers } as const;
  }),
  operation(listLocationsContract).runs(({ principal, query }) => {
    const { tenantId } = principal;
    return answerPage(query, {
      cursors,
      scope: { tenantId, list: 'listLocations', filter: {} },
      read: (page) => listLocations(scopeOf(tenantId), tenantId, page),
      show: answerLocation,
    });
  }),
]);
