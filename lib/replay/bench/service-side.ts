import { systemClock } from '../../adapters/system/clock.ts';
import { systemRandomness } from '../../adapters/system/randomness.ts';
import type { Progress } from '../../command-line/progress.ts';
import { Books } from '../books.ts';
import { createFortune } from '../fortune.ts';
import { createPatientClient } from '../http/patient-client.ts';
import { createShopApi } from '../http/shop-api.ts';
import type { Transport } from '../http/transport.ts';
import { Latencies } from '../latencies.ts';
import { loadStock } from '../load-stock.ts';
import type { Plan, Sale } from '../plan-orders.ts';
import { playOrders, type Stage } from '../play-orders.ts';
import { SupplyRises } from '../supply-rises.ts';
import type { BenchSide } from './bench-side.ts';

const SEED = 1;
const PREFIX = 'bench-';
const LOCATION = 'warehouse-1';

export interface ServiceSideOptions {
  readonly transport: Transport;
  readonly concurrency: number;
  readonly progress: Progress;
}

/** The service, through HTTP, as a replay drives it: carts that share a product in order, the others side by side. */
export async function prepareService(
  plan: Plan,
  carts: readonly Sale[],
  { transport, concurrency, progress }: ServiceSideOptions,
): Promise<BenchSide> {
  let latencies = new Latencies();
  const client = createPatientClient({
    transport,
    clock: systemClock,
    random: systemRandomness,
    concurrency,
    onSent: (operation, sent) => latencies.record(operation, sent),
  });
  const stage: Stage = {
    api: createShopApi(client, PREFIX),
    books: new Books(),
    // Every cart is shipped, as on the other side.
    fortune: { ...createFortune(SEED, PREFIX), isReleased: () => false },
    rises: new SupplyRises(),
    clock: systemClock,
    locationOf: () => LOCATION,
  };
  const place = { locations: [LOCATION], locationOf: stage.locationOf };
  await loadStock(stage, plan, { concurrency, stockFactor: 1, progress, ...place });
  return {
    run: async (from, to) => {
      const outcomes = await playOrders(stage, carts.slice(from, to), {
        concurrency,
        onFailure: (error) => client.abort(error),
      });
      const unshipped = [...outcomes].find(([, outcome]) => outcome !== 'shipped');
      if (unshipped !== undefined)
        throw new Error(`Cart ${unshipped.join(' was ')}, with stock for all of them.`);
    },
    takeLatencies: () => {
      const taken = latencies;
      latencies = new Latencies();
      return taken;
    },
  };
}
