import * as z from 'zod';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from './limits.ts';

const LIMIT_ERROR = `must be an integer from 1 to ${PAGE_LIMIT_MAX}`;

/** Query parameters of every list. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, { error: LIMIT_ERROR })
    .transform(Number)
    .refine((limit) => limit <= PAGE_LIMIT_MAX, { error: LIMIT_ERROR })
    .default(PAGE_LIMIT_DEFAULT)
    .meta({
      description: 'Items on a page.',
      override: ({ jsonSchema }) => {
        delete jsonSchema.pattern;
        Object.assign(jsonSchema, {
          type: 'integer',
          minimum: 1,
          maximum: PAGE_LIMIT_MAX,
          default: PAGE_LIMIT_DEFAULT,
        });
      },
      example: PAGE_LIMIT_DEFAULT,
    }),
  // Any text: whatever is wrong with a cursor is `invalid_cursor`, and only its signature knows.
  cursor: z.string().optional().meta({
    description: 'The `nextCursor` of the page before. It belongs to this list with these filters.',
  }),
};

/** The answer of a list. */
export const pageOf = <Item extends z.ZodType>(id: string, item: Item) =>
  z
    .strictObject({
      items: z.array(item),
      nextCursor: z.string().nullable().meta({
        description: 'The `cursor` of the next page; null at the end.',
        example: null,
      }),
    })
    .meta({ id, description: 'One page of a list, and the way to the next.' });
