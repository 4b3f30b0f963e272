import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../../lib/application/ports.ts';
import { Books } from '../../../lib/replay/books.ts';
import { createFortune } from '../../../lib/replay/fortune.ts';
import { createPatientClient } from '../../../lib/replay/http/patient-client.ts';
import { createShopApi } from '../../../lib/replay/http/shop-api.ts';
import type { Transport } from '../../../lib/replay/http/transport.ts';
import type { Stage } from '../../../lib/replay/play-orders.ts';
import { SupplyRises } from '../../../lib/replay/supply-rises.ts';

/** Waits are real but short: what a test waits for is order, not time. */
export const HASTY_CLOCK: Clock = { now: () => Date.now(), sleep: (ms) => sleep(Math.min(ms, 2)) };

/** What orders are played with, on a shop that a test made. */
export function stageOn(transport: Transport, { concurrency = 8, seed = 1 } = {}): Stage {
  const random = { fraction: () => 0.5 };
  return {
    api: createShopApi(createPatientClient({ transport, clock: HASTY_CLOCK, random, concurrency }), 'p-'),
    books: new Books(),
    fortune: createFortune(seed, 'p-'),
    rises: new SupplyRises(),
    clock: HASTY_CLOCK,
    locationOf: () => 'here',
  };
}
