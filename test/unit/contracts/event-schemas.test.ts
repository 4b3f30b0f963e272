import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { EVENTS, type EventName } from '../../../lib/contracts/events/catalogue.ts';
import { eventSchemas } from '../../../lib/contracts/events/event-schemas.ts';
import { sampleDetail } from '../../support/sample-events.ts';

const all = eventSchemas().map(({ detailType, schema }) => [detailType, schema] as const);

describe('the schemas of the registry', () => {
  it.each(all)('accept a sample of %s, also with fields of a later release', (detailType, schema) => {
    const { $schema: draft, ...plain } = schema;
    expect(draft).toBe('http://json-schema.org/draft-04/schema#');
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(plain);
    const detail = sampleDetail(detailType);
    expect(detail !== undefined).toBe(EVENTS[detailType as EventName].isSent);
    if (detail === undefined) return;
    expect(validate({ ...detail, later: 1 })).toBe(true);
    expect(validate({ ...detail, sequence: -1 })).toBe(false);
  });

  it.each(all)('say nothing of %s that their draft does not know', (_detailType, schema) => {
    expect(JSON.stringify(schema)).not.toMatch(/"(const|example|examples|\$defs|if|propertyNames)":/);
  });
});
