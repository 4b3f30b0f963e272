import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { RouteAccess } from '../config/routes.ts';
import { ENDPOINTS, type Endpoint, problemsOf } from './endpoints.ts';
import { requestHeaders, responseHeaders } from './openapi-headers.ts';
import { describedAs, problemResponses } from './openapi-responses.ts';
import { TAGS } from './operation-contract.ts';

const API_DESCRIPTION = [
  'Reserve stock without ever promising a unit twice, in every region at once.',
  '',
  'Quantities are integers, times are UTC. Every refusal is a problem document (RFC 9457) with a `code`.',
  'A request with an `Idempotency-Key` may be sent again as it is, whatever became of the first one.',
].join('\n');

const SECURITY_SCHEME = 'apiKey';

export interface OpenApiOptions {
  /** Version of the release. */
  readonly version: string;
  /** What stands before `/v1`: an origin, the stage of a gateway, or nothing. */
  readonly serverUrl: string;
}

/** An OpenAPI 3.1 document, as JSON. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

function scopesOf(access: RouteAccess): string[] {
  switch (access) {
    case 'readOrOperator':
      return ['read', 'operator'];
    case 'adminOrOperator':
      return ['admin', 'operator'];
    default:
      return [access];
  }
}

function successResponses({ contract }: Endpoint) {
  const mediaType = contract.contentType?.split(';')[0] ?? 'application/json';
  return Object.fromEntries(
    Object.entries(contract.answers).map(([status, schema]) => [
      status,
      {
        description: describedAs(Number(status)),
        headers: responseHeaders(contract, Number(status)),
        ...(schema === null ? {} : { content: { [mediaType]: { schema } } }),
      },
    ]),
  );
}

function operationOf(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { route, contract } = endpoint;
  const { params, query, body } = contract;
  return {
    operationId: route.operationId,
    summary: contract.summary,
    ...(contract.description === undefined ? {} : { description: contract.description }),
    tags: [contract.tag],
    security: route.access === 'public' ? [] : [{ [SECURITY_SCHEME]: scopesOf(route.access) }],
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      header: requestHeaders(endpoint),
    },
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse({}).success,
            content: { 'application/json': { schema: body } },
          },
        }),
    responses: { ...successResponses(endpoint), ...problemResponses(problemsOf(endpoint)) },
  };
}

function paths(): ZodOpenApiPathsObject {
  const byPath: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const endpoint of ENDPOINTS) {
    const { path, method } = endpoint.route;
    byPath[path] = { ...byPath[path], [method.toLowerCase()]: operationOf(endpoint) };
  }
  return byPath;
}

/** Generates the OpenAPI document from the routes and the contracts: there is no second source. */
export function createOpenApi({ version, serverUrl }: OpenApiOptions): OpenApiDocument {
  return createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Holdfast',
        version,
        description: API_DESCRIPTION,
        license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
      },
      servers: [{ url: serverUrl === '' ? '/' : serverUrl, description: 'This deployment.' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      security: [{ [SECURITY_SCHEME]: [] }],
      components: {
        securitySchemes: {
          [SECURITY_SCHEME]: {
            type: 'http',
            scheme: 'bearer',
            description: 'The API key decides the tenant and the scopes. No scope implies another.',
          },
        },
      },
      paths: paths(),
    },
    {
      override: ({ jsonSchema, io }) => {
        // Answers may gain fields in a later release; a client must not refuse them.
        if (io === 'output' && jsonSchema.additionalProperties === false)
          delete jsonSchema.additionalProperties;
      },
    },
  );
}
