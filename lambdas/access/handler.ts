import {
  createKey,
  createTenant,
  type KeyCommand,
  ownerOfKey,
  revokeKey,
} from '../../lib/application/manage-keys.ts';
import { listKeys } from '../../lib/application/read-lists.ts';
import {
  createKeyContract,
  createTenantContract,
  createTenantKeyContract,
  listKeysContract,
  revokeKeyContract,
} from '../../lib/contracts/access.ts';
import { answerKey, answerNewKey, answerTenant } from '../http/answers/access.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { answerPage } from '../http/pages.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { cursors, http, scopeOf } from './dependencies.ts';

async function answerCreatedKey(tenantId: string, command: KeyCommand) {
  const created = await createKey(scopeOf(tenantId), tenantId, command);
  if (!created.ok) return rejectionProblem(created.rejection);
  return { status: 201, body: answerNewKey(created.value) } as const;
}

/** Keeps tenants and their keys. */
export const handler = httpHandler(http, [
  operation(createTenantContract).runs(async ({ body }) => {
    const created = await createTenant(scopeOf(body.tenantId), given(body));
    if (!created.ok) return rejectionProblem(created.rejection);
    return { status: 201, body: answerTenant(created.value) } as const;
  }),
  operation(createTenantKeyContract).runs(({ params, body }) =>
    answerCreatedKey(params.tenantId, given(body)),
  ),
  operation(createKeyContract).runs(({ principal, body }) =>
    answerCreatedKey(principal.tenantId, given(body)),
  ),
  operation(listKeysContract).runs(({ principal, query }) => {
    const { tenantId } = principal;
    return answerPage(query, {
      cursors,
      scope: { tenantId, list: 'listKeys', filter: {} },
      read: (page) => listKeys(scopeOf(tenantId), tenantId, page),
      show: answerKey,
    });
  }),
  operation(revokeKeyContract).runs(async ({ principal, params }) => {
    const revoked = await revokeKey(scopeOf(ownerOfKey(principal, params.keyId)), principal, params.keyId);
    return revoked.ok ? ({ status: 204 } as const) : rejectionProblem(revoked.rejection);
  }),
]);
