import * as z from 'zod';
import { region } from './identifiers.ts';
import type { OperationContract } from './operation-contract.ts';

const health = z
  .strictObject({
    status: z
      .enum(['ok', 'degraded'])
      .meta({ description: '`degraded`: one of the checks failed.', example: 'ok' }),
    region,
    version: z.string().meta({ description: 'Version of the release.', example: '0.1.0' }),
    checks: z.strictObject({
      database: z.enum(['ok', 'failed']).meta({ example: 'ok' }),
      traffic: z.enum(['ok', 'draining', 'failed']).meta({
        description: 'Whether new requests should come here. `draining`: an operator sends them elsewhere.',
        example: 'ok',
      }),
    }),
  })
  .meta({ id: 'Health', description: 'Whether this region works.' });

export const getHealthContract = {
  operationId: 'getHealth',
  summary: 'Tell whether this region works',
  description: 'Answers 200 also when degraded: the service does answer, and says what is wrong.',
  tag: 'System',
  caller: 'anyone',
  answers: { 200: health },
  problems: [],
} as const satisfies OperationContract;

export const getOpenApiContract = {
  operationId: 'getOpenApi',
  summary: 'Read this document',
  tag: 'System',
  caller: 'anyone',
  answers: {
    200: z
      .looseObject({ openapi: z.string().meta({ example: '3.1.1' }) })
      .meta({ id: 'OpenApi', description: 'The OpenAPI document of the API.' }),
  },
  problems: [],
} as const satisfies OperationContract;

export const getDocsContract = {
  operationId: 'getDocs',
  summary: 'Read the documentation',
  tag: 'System',
  caller: 'anyone',
  answers: { 200: z.string().meta({ description: 'A page for people, complete in itself.' }) },
  contentType: 'text/html; charset=utf-8',
  problems: [],
} as const satisfies OperationContract;
