import * as z from 'zod';

/** A time in an answer: ISO 8601, UTC, milliseconds. */
export const timestamp = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  .meta({ description: 'UTC, with milliseconds.', format: 'date-time', example: '2026-11-24T09:30:00.000Z' });

/** A time in a query, as milliseconds since the epoch. It must name its offset: local time is nobody's time. */
export const instant = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO 8601 time with Z or an offset, like 2026-11-24T09:30:00Z',
  })
  .transform((text) => Date.parse(text))
  .meta({
    description: 'An ISO 8601 time with `Z` or an offset.',
    override: ({ jsonSchema }) => {
      delete jsonSchema.pattern;
    },
    example: '2026-11-24T09:30:00Z',
  });
