import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { createAsyncApi } from '../../../lib/contracts/asyncapi.ts';
import { EVENT_NAMES } from '../../../lib/contracts/events/catalogue.ts';
import { lintProblems } from '../../support/redocly.ts';
import { sampleDetail } from '../../support/sample-events.ts';

/** Every type that partners were promised. */
const PROMISED = [
  'stock.received stock.adjusted stock.low stock.out stock.back stock.short',
  'reservation.held reservation.confirmed reservation.released reservation.extended',
  'reservation.expired reservation.cancelled order.accepted order.failed order.duplicate shipment.created',
  'transfer.created transfer.received region.drained forecast.updated replenishment.suggested',
  // For operators.
  'stock.drift',
].flatMap((line) => line.split(' '));

const NOT_SENT = ['transfer.created', 'transfer.received', 'forecast.updated', 'replenishment.suggested'];

const document = createAsyncApi({ version: '1.2.3' });

describe('the AsyncAPI document', () => {
  it('passes the linter without a word', () => {
    expect(lintProblems(document)).toEqual([]);
  });

  it('describes every type that was promised, and nothing else', () => {
    const messages = Object.values(document.components.messages);
    expect(messages.map(({ name }) => String(name)).toSorted()).toEqual(PROMISED.toSorted());
    const later = messages.filter(({ description }) => description.includes('Not sent yet'));
    expect(later.map(({ name }) => String(name)).toSorted()).toEqual(NOT_SENT.toSorted());
  });

  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'events', components: document.components });
  const schemaOf = (name: string) => {
    const message = Object.values(document.components.messages).find((one) => one.name === name);
    return { $ref: String(message?.payload.$ref).replace('#', 'events#') };
  };

  it.each(EVENT_NAMES)('accepts a sample of %s, and one that has gained fields', (name) => {
    const detail = sampleDetail(name);
    if (detail === undefined) return expect(NOT_SENT).toContain(name);
    expect(ajv.validate(schemaOf(name), detail)).toBe(true);
    expect(ajv.validate(schemaOf(name), { ...detail, later: 1 })).toBe(true);
    const { id: _, ...nameless } = detail;
    expect(ajv.validate(schemaOf(name), nameless)).toBe(false);
  });
});
