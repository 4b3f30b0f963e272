import { listDeliveries, pingWebhook, replayDelivery } from '../../lib/application/manage-deliveries.ts';
import {
  deleteWebhook,
  listWebhooks,
  NO_SUCH_WEBHOOK,
  readWebhook,
} from '../../lib/application/manage-webhooks.ts';
import { putWebhook } from '../../lib/application/put-webhook.ts';
import {
  listDeliveriesContract,
  pingWebhookContract,
  replayDeliveryContract,
} from '../../lib/contracts/deliveries.ts';
import {
  deleteWebhookContract,
  getWebhookContract,
  listWebhooksContract,
  putWebhookContract,
} from '../../lib/contracts/webhooks.ts';
import type { Delivery } from '../../lib/domain/delivery.ts';
import type { Result } from '../../lib/domain/rejection.ts';
import { answerDelivery, answerNewWebhook, answerWebhook } from '../http/answers/webhooks.ts';
import { callerOf } from '../http/callers.ts';
import { failsPrecondition, versionTag } from '../http/entity-tags.ts';
import { given } from '../http/given.ts';
import { httpHandler } from '../http/http-handler.ts';
import { operation } from '../http/operation.ts';
import { answerPage } from '../http/pages.ts';
import { rejectionProblem } from '../http/rejection-problem.ts';
import { cursors, http, scopeOf } from './dependencies.ts';

function answerAccepted(result: Result<Delivery>) {
  if (!result.ok) return rejectionProblem(result.rejection);
  return { status: 202, body: answerDelivery(result.value) } as const;
}

/** Keeps webhooks, and shows and replays their deliveries. */
export const handler = httpHandler(http, [
  operation(putWebhookContract).runs(async (request) => {
    const command = { ...request.params, ...given(request.body) };
    const precondition = (version: number | undefined) => !failsPrecondition(request, version);
    const put = await putWebhook(scopeOf(request.principal.tenantId), callerOf(request), {
      command,
      precondition,
    });
    if (!put.ok) return rejectionProblem(put.rejection);
    const headers = { ETag: versionTag(put.value.document.version) };
    return put.value.created
      ? ({ status: 201, body: answerNewWebhook(put.value), headers } as const)
      : ({ status: 200, body: answerWebhook(put.value.document), headers } as const);
  }),
  operation(getWebhookContract).runs(async ({ principal, params }) => {
    const { tenantId } = principal;
    const webhook = await readWebhook(scopeOf(tenantId), { tenantId, ...params });
    if (webhook === undefined) return rejectionProblem(NO_SUCH_WEBHOOK);
    const headers = { ETag: versionTag(webhook.version) };
    return { status: 200, body: answerWebhook(webhook), headers } as const;
  }),
  operation(deleteWebhookContract).runs(async (request) => {
    const precondition = (version: number | undefined) => !failsPrecondition(request, version);
    const deletion = { ...request.params, precondition };
    const deleted = await deleteWebhook(scopeOf(request.principal.tenantId), callerOf(request), deletion);
    return deleted.ok ? ({ status: 204 } as const) : rejectionProblem(deleted.rejection);
  }),
  operation(listWebhooksContract).runs(({ principal, query }) => {
    const { tenantId } = principal;
    return answerPage(query, {
      cursors,
      scope: { tenantId, list: 'listWebhooks', filter: {} },
      read: (page) => listWebhooks(scopeOf(tenantId), tenantId, page),
      show: answerWebhook,
    });
  }),
  operation(listDeliveriesContract).runs(async ({ principal, params, query }) => {
    const key = { tenantId: principal.tenantId, ...params };
    const { limit: _, cursor: __, ...filter } = given(query);
    const answer = await answerPage(query, {
      cursors,
      scope: { tenantId: key.tenantId, list: 'listDeliveries', filter: { ...params, ...filter } },
      read: (page) => listDeliveries(scopeOf(key.tenantId), { ...key, ...filter }, page),
      show: answerDelivery,
    });
    // What was on its way to a webhook that was deleted can still be looked at.
    if ('problem' in answer || answer.body.items.length > 0) return answer;
    const webhook = await readWebhook(scopeOf(key.tenantId), key);
    return webhook === undefined ? rejectionProblem(NO_SUCH_WEBHOOK) : answer;
  }),
  operation(replayDeliveryContract).runs(async ({ principal, params }) =>
    answerAccepted(
      await replayDelivery(scopeOf(principal.tenantId), { tenantId: principal.tenantId, ...params }),
    ),
  ),
  operation(pingWebhookContract).runs(async ({ principal, params }) =>
    answerAccepted(
      await pingWebhook(scopeOf(principal.tenantId), { tenantId: principal.tenantId, ...params }),
    ),
  ),
]);
