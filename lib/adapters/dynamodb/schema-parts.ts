/** What the schemas of stored records are made of. */
import * as z from 'zod';

/** Ids and other text that cannot be empty. */
export const id = z.string().min(1);
/** Units, and other counts: none is ever below zero. */
export const count = z.int().nonnegative();
/** Milliseconds since the epoch. */
export const time = z.int().nonnegative();
/** Records that exist have been written at least once. */
export const version = z.int().positive();
/** What a caller attaches, as text. */
export const texts = z.record(z.string(), z.string());

/**
 * An object schema that must name every field of its type, so that the two cannot drift apart. Fields beyond
 * them pass through.
 */
export const loose =
  <Fields extends object>() =>
  <Shape extends { readonly [Field in keyof Fields]-?: z.ZodType<Fields[Field]> }>(shape: Shape) =>
    z.looseObject(shape);
