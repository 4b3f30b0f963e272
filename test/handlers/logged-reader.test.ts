import { expect, it } from 'vitest';
import { loggedReader } from '../../lambdas/events/logged-reader.ts';
import { unsentMessages } from '../../lib/adapters/dynamodb/unsent-messages.ts';

it('logs a kept message that cannot be read, by its channel and its fault', () => {
  const logged: unknown[] = [];
  const reader = loggedReader(unsentMessages, {
    info: () => undefined,
    error: (message, fields, error) => logged.push([message.code, fields, (error as Error).name]),
  });
  const message = { id: 'r/2', tenantId: 'acme', reservationId: 'r', version: 2 };
  expect(reader.read('orders', JSON.stringify(message))).toEqual(message);
  expect(logged).toEqual([]);
  expect(() => reader.read('orders', '{}')).toThrow();
  expect(logged).toEqual([['UNSENT_UNREADABLE', { channel: 'orders' }, 'UnreadableMessageError']]);
});
