import { describe, expect, it } from 'vitest';
import { unsentMessages } from '../../../../lib/adapters/dynamodb/unsent-messages.ts';
import { EVENT_NAMES, EVENTS } from '../../../../lib/contracts/events/catalogue.ts';
import type { EventType } from '../../../../lib/domain/event.ts';
import { sampleEvent } from '../../../support/sample-events.ts';

const SENT = EVENT_NAMES.filter((name): name is EventType => EVENTS[name].isSent);

describe('a message that was kept', () => {
  it.each(SENT)('is the event that it was: %s', (type) => {
    const event = sampleEvent(type);
    expect(unsentMessages.read('events', JSON.stringify(event))).toEqual(event);
  });

  it.each(SENT)('is refused without what %s carries', (type) => {
    const empty = { ...sampleEvent(type), data: {} };
    expect(() => unsentMessages.read('events', JSON.stringify(empty))).toThrow(/data[.:]/);
    expect(() => unsentMessages.read('events', JSON.stringify({ ...empty, type: 'odd' }))).toThrow('type');
  });

  it('is refused on another channel, and when it is no JSON', () => {
    const order = { id: 'r/2', tenantId: 'tenant', reservationId: 'r', version: 2 };
    expect(unsentMessages.read('orders', JSON.stringify(order))).toEqual(order);
    expect(() => unsentMessages.read('log', JSON.stringify(order))).toThrow('kind');
    expect(() => unsentMessages.read('events', JSON.stringify(order))).toThrow();
    expect(() => unsentMessages.read('orders', 'nothing')).toThrow('not JSON');
  });

  it('keeps fields that a newer version wrote', () => {
    const event = { ...sampleEvent('stock.short'), later: 1 };
    expect(unsentMessages.read('events', JSON.stringify(event))).toEqual(event);
  });
});
