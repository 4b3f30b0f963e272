/** Use cases on the simulated store, with a clock that moves only when told and randomness from a seed. */

import { sha256Digest } from '../../lib/adapters/system/digest.ts';
import { assembleDependencies } from '../../lib/application/assemble.ts';
import type { Clock, Dependencies, Randomness, Store } from '../../lib/application/ports.ts';
import { sourceByPriority } from '../../lib/domain/sourcing.ts';
import { MemoryReadModel } from '../../lib/simulation/memory-read-model.ts';
import { MemoryStore } from '../../lib/simulation/memory-store.ts';
import { openWaysOut, type WaysOut } from '../../lib/simulation/open-outlets.ts';

export const REGION = 'us-east-1';
export const TENANT = 'demo';
export const CALLER = { tenantId: TENANT, actor: 'key.test' };

/** A clock that stands still until it is moved; sleeping moves it. */
export class ManualClock implements Clock {
  #nowMs = Date.parse('2026-11-24T12:00:00.000Z');

  now(): number {
    return this.#nowMs;
  }

  advance(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#nowMs += Math.ceil(milliseconds);
  }
}

/** Deterministic randomness: a 32-bit linear congruential generator (Numerical Recipes' constants). */
export function seededRandomness(seed: number): Randomness {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  const hex = (digits: number) => {
    let text = '';
    while (text.length < digits) text += next().toString(16).padStart(8, '0');
    return text.slice(0, digits);
  };
  return {
    hex,
    base64url: (bytes) => Buffer.from(hex(bytes * 2), 'hex').toString('base64url'),
    fraction: () => next() / 2 ** 32,
  };
}

export type World = Dependencies &
  WaysOut & {
    readonly clock: ManualClock;
    readonly sourcing: typeof sourceByPriority;
  };

/** A world of its own. `wrap` may put faults between the use cases and the store. */
export function createWorld(
  options: { readonly seed?: number; readonly wrap?: (store: Store) => Store } = {},
): World {
  const clock = new ManualClock();
  const memory = new MemoryStore(REGION);
  const store = options.wrap?.(memory) ?? memory;
  const regions = [REGION];
  const replicas = { in: () => store };
  const readModel = new MemoryReadModel();
  const random = seededRandomness(options.seed ?? 1);
  return {
    ...assembleDependencies({
      replicas,
      readModel,
      clock,
      random,
      digest: sha256Digest,
      region: REGION,
      regions,
    }),
    ...openWaysOut(),
    clock,
    sourcing: sourceByPriority,
  };
}
