/** A product, its stock and two reservations: each check builds on those before it. */
import * as z from 'zod';
import type { Clock } from '../../application/ports.ts';
import { QUANTITY_MAX } from '../../domain/limits.ts';
import { expectBody, expectProblem, expectStatus } from './expect-answer.ts';
import { type Check, CheckFailure } from './run-checks.ts';
import type { AskStage, StageRequest } from './stage-client.ts';

const PRODUCT = 'smoke-product';
/** Where a shopper is who never comes back: a run that breaks off leaves its hold for this long. */
const TTL_SECONDS = 60;

/** A change is finished by the stream, or by the sweep a minute later. */
const AUDITS_MAX = 30;
const AUDIT_PAUSE_MS = 1_000;

const reservation = z.object({ reservationId: z.string(), status: z.string() });
const audit = z.object({ ok: z.boolean(), stable: z.boolean(), violations: z.array(z.string()) });

export interface SmokeRun {
  readonly ask: AskStage;
  readonly key: () => string;
  /** The region that answers: it is the home of the location, so that each region is checked by itself. */
  readonly region: () => string;
  /** Unique to this run. */
  readonly runId: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

type Action = 'confirm' | 'ship' | 'release';

/** The requests of a run. */
class Requests {
  readonly #run: SmokeRun;

  constructor(run: SmokeRun) {
    this.#run = run;
  }

  put(path: string, body: object) {
    const request = { method: 'PUT', path, key: this.#run.key(), body } as const;
    return expectStatus(this.#run.ask, request, [200, 201]);
  }

  post(path: string, step: string, body: object): StageRequest {
    return { method: 'POST', path, key: this.#run.key(), body, idempotencyKey: `${this.#run.runId}.${step}` };
  }

  move(type: 'receipt' | 'write_off', quantity: number) {
    const body = { type, sku: PRODUCT, locationId: this.locationId, quantity, reference: 'smoke test' };
    return expectStatus(this.#run.ask, this.post('/movements', type, body), [201]);
  }

  hold(step: string, quantity = 1): StageRequest {
    const lines = [{ sku: PRODUCT, quantity, locationId: this.locationId }];
    return this.post('/reservations', step, { lines, ttlSeconds: TTL_SECONDS, reference: this.#run.runId });
  }

  async held(step: string): Promise<string> {
    const { ask } = this.#run;
    const expected = { status: 201, schema: reservation };
    return (await expectBody(ask, this.hold(step), expected)).reservationId;
  }

  async change(reservationId: string, action: Action, wanted: string): Promise<void> {
    const body = action === 'confirm' ? { orderId: this.#run.runId } : {};
    const request = this.post(`/reservations/${reservationId}/${action}`, action, body);
    const { status } = await expectBody(this.#run.ask, request, { status: 200, schema: reservation });
    if (status !== wanted) throw new CheckFailure(`the reservation should be ${wanted}, but is ${status}`);
  }

  get locationId(): string {
    return `smoke-${this.#run.region()}`;
  }
}

/** Looks until the books agree: what was just done may not be finished. */
async function checkBooks({ ask, key, clock }: SmokeRun): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    const request = { method: 'GET', path: `/audit?sku=${PRODUCT}`, key: key() } as const;
    const { ok, stable, violations } = await expectBody(ask, request, { status: 200, schema: audit });
    if (ok && stable) return;
    if (looks >= AUDITS_MAX) {
      throw new CheckFailure(`the books do not agree: ${violations.join('; ') || 'they never held still'}`);
    }
    await clock.sleep(AUDIT_PAUSE_MS);
  }
}

/**
 * Two units come; one leaves with an order, the other is held, given back and written off: the stock is as it was before.
 */
export function stockChecks(run: SmokeRun): Check[] {
  const requests = new Requests(run);
  let first = '';
  return [
    {
      name: 'product and location',
      run: async () => {
        await requests.put(`/products/${PRODUCT}`, { name: 'Smoke test' });
        await requests.put(`/locations/${requests.locationId}`, { name: 'Smoke test', region: run.region() });
      },
    },
    { name: 'receipt', run: async () => void (await requests.move('receipt', 2)) },
    {
      name: 'hold',
      run: async () => {
        first = await requests.held('hold-1');
      },
    },
    {
      name: 'the same hold again: the same answer',
      run: async () => {
        const again = await requests.held('hold-1');
        if (again !== first) throw new CheckFailure(`the same key made two holds: ${first} and ${again}`);
      },
    },
    {
      name: 'too large a hold: 409',
      run: async () => {
        const expected = { status: 409, code: 'insufficient_stock' };
        await expectProblem(run.ask, requests.hold('hold-all', QUANTITY_MAX), expected);
      },
    },
    { name: 'confirm', run: () => requests.change(first, 'confirm', 'confirmed') },
    { name: 'ship', run: () => requests.change(first, 'ship', 'shipped') },
    {
      name: 'hold and release',
      run: async () => requests.change(await requests.held('hold-2'), 'release', 'released'),
    },
    { name: 'write-off', run: async () => void (await requests.move('write_off', 1)) },
    { name: 'audit', run: () => checkBooks(run) },
  ];
}
