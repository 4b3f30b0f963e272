import { setTimeout as timeout } from 'node:timers/promises';
import type { Clock } from '../../application/ports.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => timeout(milliseconds),
};
