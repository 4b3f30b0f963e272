/** How requests travel between regions. */
import { StoreUnavailableError } from '../../application/ports.ts';
import type { SimulatedWorld } from '../world.ts';
import { JITTER, REQUEST_TIMEOUT_MS } from './assumptions.ts';

/** Makes journeys between regions: half a round trip and some more, or a timeout when nothing gets through. */
export function journeys(world: SimulatedWorld): (from: string, to: string) => Promise<void> {
  const random = world.random.fork('journeys');
  return async (from, to) => {
    if (from === to) return;
    if (!world.network.reaches(from, to)) {
      await world.time.sleep(REQUEST_TIMEOUT_MS);
      throw new StoreUnavailableError(`${to} cannot be reached from ${from}`);
    }
    const halfMs = world.network.roundTripMs(from, to) / 2;
    await world.time.sleep(halfMs * random.between(1, 1 + JITTER));
  };
}
