import * as z from 'zod';
import { sku } from './identifiers.ts';
import { units } from './numbers.ts';
import { PROBLEM_CODES } from './problems.ts';
import { timestamp } from './times.ts';

/** One thing that is wrong with a request. */
const failure = z
  .strictObject({
    path: z.string().meta({ description: 'Where, with dots.', example: 'lines.0.quantity' }),
    message: z.string().meta({ example: 'must be an integer from 1 to 1000000000' }),
  })
  .meta({ id: 'Failure', description: 'One thing that is wrong with the request.' });

export type Failure = z.infer<typeof failure>;

/** A line that could not be met. */
const shortLine = z
  .strictObject({
    sku,
    locationId: z.string().optional().meta({ description: 'The location, when the line named one.' }),
    requested: units,
    available: units,
    reason: z.enum(['sold_out', 'held']).meta({
      description: '`held`: the units in the open holds of others would suffice.',
    }),
    nextReleaseAt: timestamp.optional().meta({ description: 'The earliest expiry among those holds.' }),
  })
  .meta({ id: 'ShortLine', description: 'A line that could not be met.' });

/** Every refusal, and every fault, is one of these (RFC 9457). */
export const problemDocument = z
  .strictObject({
    type: z
      .string()
      .meta({ description: 'A URI that names the kind.', example: 'urn:holdfast:problem:not_found' }),
    title: z.string().meta({ description: 'The kind, for people.', example: 'Not found' }),
    status: z.int().min(400).max(599).meta({ example: 404 }),
    code: z.enum(PROBLEM_CODES).meta({ id: 'ProblemCode', description: 'The kind, for programs.' }),
    detail: z
      .string()
      .meta({ description: 'What happened, for people.', example: 'There is no such product.' }),
    requestId: z.string().meta({ description: 'Also in `X-Request-Id`.', example: 'b7f0c1d2' }),
    errors: z.array(failure).optional().meta({ description: 'With 400: every failing path.' }),
    lines: z
      .array(shortLine)
      .optional()
      .meta({ description: 'With `insufficient_stock`: the lines that fail.' }),
    limit: z
      .enum(['open_holds', 'reference_holds', 'sku_share'])
      .optional()
      .meta({ description: 'With `rate_limited`, when it is a cap on open holds: which one.' }),
  })
  .meta({ id: 'Problem', description: 'Why a request had no effect (RFC 9457).' });

export type ProblemDocument = z.infer<typeof problemDocument>;
export type ShortLineDocument = z.infer<typeof shortLine>;

/** Names the kind of a problem. A URN, because no page has to exist for a program to compare it. */
export const problemType = (code: string): string => `urn:holdfast:problem:${code}`;
