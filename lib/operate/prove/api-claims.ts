/** What the APIs of a stage must show of themselves, and what only a deployed one can: time, regions, the firewall. */
import * as z from 'zod';
import type { Clock } from '../../application/ports.ts';
import { expectBody, expectProblem, expectStatus } from '../smoke/expect-answer.ts';
import { type Check, CheckFailure } from '../smoke/run-checks.ts';
import { openKey, type SmokeKey } from '../smoke/smoke-key.ts';
import type { AskStage, StageRequest } from '../smoke/stage-client.ts';

const PRODUCT = 'prove-product';
/** One byte more than a body may have. */
const TOO_LARGE = 64 * 1024 + 1;
/** The contract: a revoked key stops within so long, units of a hold are back so long after its end. */
const WITHIN_MS = 60_000;
/** Replication usually takes a second. */
const REPLICATED_WITHIN_MS = 10_000;
const TTL_SECONDS = 5;
const PAUSE_MS = 1_000;

const reservation = z.object({ reservationId: z.string(), status: z.string() });
const stock = z.object({ available: z.number() });
const newKey = z.object({ keyId: z.string(), secret: z.string() });

/** One region of the stage. */
export interface ProvenRegion {
  readonly region: string;
  readonly ask: AskStage;
}

export interface ProofRun {
  /** The first is asked for whatever any region can do. */
  readonly regions: readonly [ProvenRegion, ...ProvenRegion[]];
  readonly operatorKey: string;
  /** Unique to this run. */
  readonly runId: string;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

/** Looks once a second until something is so. */
async function until(
  { clock }: ProofRun,
  limit: { readonly milliseconds: number; readonly what: string },
  isSo: () => Promise<boolean>,
): Promise<void> {
  const endMs = clock.now() + limit.milliseconds;
  while (!(await isSo())) {
    if (clock.now() >= endMs) throw new CheckFailure(`${limit.what} within ${limit.milliseconds / 1000} s`);
    await clock.sleep(PAUSE_MS);
  }
}

/** The requests of a run, with the key of a tenant that is made for it. */
class ProofRequests {
  readonly #run: ProofRun;
  #key: SmokeKey | undefined;

  constructor(run: ProofRun) {
    this.#run = run;
  }

  get first(): ProvenRegion {
    return this.#run.regions[0];
  }

  get key(): string {
    return this.#key?.secret ?? '';
  }

  async open(): Promise<void> {
    this.#key = await openKey(this.first.ask, this.#run.operatorKey);
    const { ask, region } = this.first;
    const put = (path: string, body: object) =>
      expectStatus(ask, { method: 'PUT', path, key: this.key, body }, [200, 201]);
    await put(`/products/${PRODUCT}`, { name: 'Proof of a stage' });
    await put(`/locations/${this.locationId}`, { name: 'Proof of a stage', region });
    await expectStatus(ask, this.move('receipt'), [201]);
  }

  /** The unit may still be held when something failed; its hold ends by itself, and the key ends in any case. */
  async close(): Promise<void> {
    const { status } = await this.first.ask(this.move('write_off'));
    await this.#key?.revoke?.();
    if (status !== 201) throw new CheckFailure(`the unit is not written off: the answer was ${status}`);
  }

  get locationId(): string {
    return `prove-${this.first.region}`;
  }

  post(path: string, step: string, body: object): StageRequest {
    return { method: 'POST', path, key: this.key, body, idempotencyKey: `${this.#run.runId}.${step}` };
  }

  move(type: 'receipt' | 'write_off'): StageRequest {
    return this.post('/movements', type, { type, sku: PRODUCT, locationId: this.locationId, quantity: 1 });
  }

  async held(step: string, ttlSeconds: number): Promise<string> {
    const lines = [{ sku: PRODUCT, quantity: 1, locationId: this.locationId }];
    const request = this.post('/reservations', step, { lines, ttlSeconds });
    return (await expectBody(this.first.ask, request, { status: 201, schema: reservation })).reservationId;
  }
}

const firewallClaim = (requests: ProofRequests): Check => ({
  name: 'a body over 64 KiB: 413',
  run: async () => {
    const body = { name: 'x'.repeat(TOO_LARGE) };
    const request = { method: 'PUT', path: `/products/${PRODUCT}`, key: requests.key, body } as const;
    await expectStatus(requests.first.ask, request, [413]);
  },
});

const revocationClaim = (run: ProofRun, requests: ProofRequests): Check => ({
  name: 'a revoked key stops within a minute',
  run: async () => {
    const { ask } = requests.first;
    const creation = {
      method: 'POST',
      path: '/keys',
      key: requests.key,
      body: { scopes: ['read'] },
    } as const;
    const { keyId, secret } = await expectBody(ask, creation, { status: 201, schema: newKey });
    const reading = { method: 'GET', path: '/products?limit=1', key: secret } as const;
    await expectStatus(ask, reading, [200]);
    await expectStatus(ask, { method: 'DELETE', path: `/keys/${keyId}`, key: requests.key }, [204]);
    const limit = { milliseconds: WITHIN_MS, what: 'the revoked key should stop' };
    await until(run, limit, async () => (await ask(reading)).status === 401);
    await expectProblem(ask, reading, { status: 401, code: 'unauthenticated' });
  },
});

const expiryClaim = (run: ProofRun, requests: ProofRequests): Check => ({
  name: 'units of a hold of five seconds are back within a minute',
  run: async () => {
    await requests.held('hold-expiry', TTL_SECONDS);
    const path = `/stock/${PRODUCT}?consistency=strong`;
    const request = { method: 'GET', path, key: requests.key } as const;
    const read = () => expectBody(requests.first.ask, request, { status: 200, schema: stock });
    const limit = {
      milliseconds: TTL_SECONDS * 1000 + WITHIN_MS,
      what: 'the unit of the expired hold should be back',
    };
    await until(run, limit, async () => (await read()).available >= 1);
  },
});

const replicationClaim = (run: ProofRun, requests: ProofRequests): Check => ({
  name: 'a hold is seen in every region',
  run: async () => {
    const id = await requests.held('hold-seen', WITHIN_MS / 1000);
    const request = { method: 'GET', path: `/reservations/${id}`, key: requests.key } as const;
    for (const { region, ask } of run.regions) {
      const limit = { milliseconds: REPLICATED_WITHIN_MS, what: `${region} should show the hold` };
      await until(run, limit, async () => (await ask(request)).status === 200);
    }
    const release = requests.post(`/reservations/${id}/release`, 'release', {});
    await expectStatus(requests.first.ask, release, [200]);
  },
});

/** What a deployed stage must show, in an order in which each builds on those before it; and what ends it, whatever came. */
export function apiClaims(run: ProofRun): { readonly claims: readonly Check[]; readonly end: Check } {
  const requests = new ProofRequests(run);
  return {
    claims: [
      { name: 'tenant, product, location and one unit', run: () => requests.open() },
      firewallClaim(requests),
      replicationClaim(run, requests),
      expiryClaim(run, requests),
      revocationClaim(run, requests),
    ],
    end: { name: 'the unit is written off, the key revoked', run: () => requests.close() },
  };
}
