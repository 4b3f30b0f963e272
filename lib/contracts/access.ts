import * as z from 'zod';
import { keyId, region, tenantId } from './identifiers.ts';
import { pageOf, pageQuery } from './lists.ts';
import type { OperationContract } from './operation-contract.ts';
import { name } from './text.ts';
import { timestamp } from './times.ts';
import { withWholeCheck } from './whole-check.ts';

const SCOPES = ['read', 'write', 'admin'] as const;
const TIERS = ['free', 'standard', 'premium', 'unlimited'] as const;

const tier = z.enum(TIERS, { error: `must be one of ${TIERS.join(', ')}` }).meta({
  description: 'Decides the rate and the burst of the tenant.',
  example: 'standard',
});

const scopes = withWholeCheck(
  z
    .array(z.enum(SCOPES, { error: `must be one of ${SCOPES.join(', ')}` }), {
      error: 'must be a list of scopes',
    })
    .min(1, { error: 'must name at least one scope' })
    .max(SCOPES.length, { error: `must name at most ${SCOPES.length} scopes` }),
  (value, report) => {
    if (!Array.isArray(value)) return;
    for (const [index, scope] of value.entries()) {
      if (value.indexOf(scope) < index) report([index], 'is named twice');
    }
  },
).meta({
  description: 'What the key may do. None of them implies another.',
  example: ['read', 'write'],
  uniqueItems: true,
});

const keyName = name.meta({ description: 'What the key is for, for people.', example: 'checkout service' });

const tenant = z
  .strictObject({ tenantId, name, tier, homeRegion: region, createdAt: timestamp })
  .meta({ id: 'Tenant', description: "Someone whose stock is kept apart from everyone else's." });

const key = z
  .strictObject({
    keyId,
    tenantId,
    scopes,
    name: keyName.optional(),
    createdAt: timestamp,
    revokedAt: timestamp
      .optional()
      .meta({ description: 'When it was revoked. It stops working within 60 s.' }),
  })
  .meta({ id: 'Key', description: 'An API key, without its secret.' });

const newKey = z
  .strictObject({
    keyId,
    tenantId,
    secret: z.string().min(1).meta({ description: 'The key itself. It is shown once and never again.' }),
    scopes,
    name: keyName.optional(),
    createdAt: timestamp,
  })
  .meta({ id: 'NewKey', description: 'An API key, with its secret.' });

const keyBody = z
  .strictObject({ scopes, name: keyName.optional() })
  .meta({ id: 'KeyInput', description: 'What the key shall be allowed to do.' });

export const createTenantContract = {
  operationId: 'createTenant',
  summary: 'Create a tenant',
  tag: 'Access',
  caller: 'operator',
  body: z
    .strictObject({
      tenantId,
      name,
      tier,
      homeRegion: region.optional().meta({ description: 'Where its catalogue and keys are kept; fixed.' }),
    })
    .meta({ id: 'TenantInput', description: 'A tenant as it shall be.' }),
  answers: { 201: tenant },
  problems: ['tenant_exists', 'contended'],
} as const satisfies OperationContract;

export const createTenantKeyContract = {
  operationId: 'createTenantKey',
  summary: 'Create a key for a tenant',
  tag: 'Access',
  caller: 'operator',
  params: z.strictObject({ tenantId }),
  body: keyBody,
  answers: { 201: newKey },
  problems: ['not_found', 'contended'],
} as const satisfies OperationContract;

export const createKeyContract = {
  operationId: 'createKey',
  summary: 'Create a key for the own tenant',
  tag: 'Access',
  caller: 'tenant',
  body: keyBody,
  answers: { 201: newKey },
  problems: ['contended'],
} as const satisfies OperationContract;

export const listKeysContract = {
  operationId: 'listKeys',
  summary: 'List the keys of the own tenant',
  tag: 'Access',
  caller: 'tenant',
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf('KeyPage', key) },
  problems: ['invalid_cursor'],
} as const satisfies OperationContract;

export const revokeKeyContract = {
  operationId: 'revokeKey',
  summary: 'Revoke a key',
  description: 'The key stops working within 60 s. Revoking it again changes nothing.',
  tag: 'Access',
  caller: 'tenantOrOperator',
  params: z.strictObject({ keyId }),
  answers: { 204: null },
  problems: ['not_found', 'contended'],
} as const satisfies OperationContract;
