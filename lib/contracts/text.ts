import * as z from 'zod';
import {
  FOREIGN_ID_MAX,
  MAP_KEY_MAX,
  MAP_PAIRS_MAX,
  MAP_VALUE_MAX,
  NAME_MAX,
  PARAGRAPH_MAX,
  WORD_MAX,
} from './limits.ts';
import { fieldsOf, withWholeCheck } from './whole-check.ts';

/**
 * Letters, digits, marks, symbols and spaces of any script. Left out: controls, line and paragraph separators,
 * and what reorders the text around it, because ids are read out, logged and printed. Ranges instead of the
 * names of Unicode, because the OpenAPI document quotes the pattern and not every language knows the names.
 */
const PRINTABLE = '^[^\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]*$';
const PRINTABLE_PATTERN = new RegExp(PRINTABLE, 'u');

interface TextLimits {
  readonly min: number;
  readonly max: number;
}

/** Counts characters as people and JSON Schema do: an emoji outside the basic plane is one. */
function hasLength(text: string, { min, max }: TextLimits): boolean {
  // A character takes at most two units, so that text of megabytes is refused without being walked through.
  if (text.length > 2 * max) return false;
  const characters = [...text].length;
  return characters >= min && characters <= max;
}

/** Well-formed text of a bounded length. A lone surrogate has no UTF-8 form, so it could not be given back. */
function text(limits: TextLimits) {
  return z
    .string({ error: 'must be a string' })
    .refine((value) => value.isWellFormed(), { error: 'must be well-formed text without lone surrogates' })
    .refine((value) => hasLength(value, limits), {
      error: `must have ${limits.min} to ${limits.max} characters`,
    })
    .meta({ minLength: limits.min, maxLength: limits.max });
}

/** Text of one line that can be printed, spoken and compared. */
function printable(max: number) {
  return text({ min: 1, max })
    .refine((value) => PRINTABLE_PATTERN.test(value), {
      error: 'must be printable characters: no control characters, line breaks or direction marks',
    })
    .meta({ pattern: PRINTABLE });
}

export const name = text({ min: 1, max: NAME_MAX }).meta({
  description: 'A name for people.',
  example: 'Mechanical keyboard',
});

export const paragraph = text({ min: 1, max: PARAGRAPH_MAX }).meta({ description: 'A text for people.' });

export const word = printable(WORD_MAX);

export const foreignId = printable(FOREIGN_ID_MAX);

export const reference = foreignId.meta({
  description: "The caller's own reference: a cart, a purchase order, a delivery note.",
  example: 'cart-7f3a',
});

export const orderId = foreignId.meta({
  description: 'The order that a reservation was confirmed under.',
  example: 'order-1001',
});

/** A map of strings: the caller's own labels, kept and given back as they are. */
export const stringMap = withWholeCheck(
  z.record(text({ min: 1, max: MAP_KEY_MAX }), text({ min: 0, max: MAP_VALUE_MAX }), {
    error: (issue) => (issue.code === 'invalid_type' ? 'must be an object of strings' : undefined),
  }),
  (value, report) => {
    if (Object.keys(fieldsOf(value)).length > MAP_PAIRS_MAX) {
      report([], `must have at most ${MAP_PAIRS_MAX} pairs`);
    }
  },
).meta({
  description: "The caller's own labels.",
  example: { channel: 'web' },
  maxProperties: MAP_PAIRS_MAX,
});
