import * as z from 'zod';
import { ON_HAND_MAX, QUANTITY_MAX } from '../domain/limits.ts';

/**
 * Stands in a parsed body for a number that JavaScript could not hold exactly, such as `5.0000000000000001`
 * or `9007199254740993`. No schema of an integer accepts it, so that nothing is booked that nobody asked for.
 */
export class InexactNumber {
  /** The nearest number that JavaScript has. */
  readonly nearest: number;

  constructor(nearest: number) {
    this.nearest = nearest;
  }
}

/** An integer between two bounds, both included. */
export const integer = (min: number, max: number) => {
  const error = `must be an integer from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** Where halves and thirds make sense, the nearest number is as good as the one that was written. */
export const decimal = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z.preprocess(
    (value) => (value instanceof InexactNumber ? value.nearest : value),
    z.number({ error }).min(min, { error }).max(max, { error }),
  );
};

/** Units in a request. */
export const quantity = integer(1, QUANTITY_MAX).meta({ description: 'Units.', example: 2 });

/** Units in a request, or none of them. */
export const quantityOrNone = integer(0, QUANTITY_MAX).meta({ description: 'Units, or 0.', example: 10 });

/** A number of units in an answer; sums over all locations stay exact. */
export const units = z.int().min(0).meta({ description: 'Units.', example: 10 });

/** Units of a movement: negative when they left. */
export const unitsDelta = z.int().min(-ON_HAND_MAX).max(ON_HAND_MAX).meta({
  description: 'What the movement did to the units on hand.',
  example: -2,
});

/** A version: 1 when created, up by 1 on every change. */
export const version = z.int().min(1).meta({
  description: '1 when created, up by 1 on every change.',
  example: 1,
});
