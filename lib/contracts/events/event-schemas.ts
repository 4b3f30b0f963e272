import * as z from 'zod';
import { EVENT_NAMES, EVENTS } from './catalogue.ts';
import { detailOf } from './event-contract.ts';

/** What one type of event carries, for the schema registry. */
export interface EventSchema {
  /** As on the bus, like `stock.received`. */
  readonly detailType: string;
  /** JSON Schema, draft 4, of the whole detail; references are to its own `definitions`. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The schemas of all types of events. Draft 4 is what the registry generates code from. */
export function eventSchemas(): EventSchema[] {
  return EVENT_NAMES.map((detailType) => {
    const { summary, data } = EVENTS[detailType];
    const detail = detailOf(data).meta({ description: summary });
    const schema = z.toJSONSchema(detail, {
      target: 'draft-4',
      override: ({ jsonSchema }) => {
        // Events may gain fields in a later release; a consumer must not refuse them.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        // Neither of the two is a word of draft 4; a definition is called by its place.
        delete jsonSchema['example'];
        delete jsonSchema['id'];
      },
    });
    return { detailType, schema };
  });
}
