import { describe, expect, it } from 'vitest';
import { renderVerdict } from '../../../lib/operate/smoke/render-smoke.ts';
import { runSmoke } from '../../../lib/operate/smoke/run-smoke.ts';
import { parseSmokeOptions } from '../../../lib/operate/smoke/smoke-options.ts';
import type { StageAnswer, StageRequest } from '../../../lib/operate/smoke/stage-client.ts';

type Scripted = readonly [status: number, body?: object, headers?: Record<string, string>];

const problem = (status: number, code: string, headers: Record<string, string> = {}): Scripted => [
  status,
  { code, detail: code },
  { 'content-type': 'application/problem+json', ...headers },
];
const reservation = (status: string, reservationId = 'r1'): Scripted => [201, { reservationId, status }];
const OK_STATUS = { confirm: 'confirmed', ship: 'shipped', release: 'released' } as const;

/** A stage that does all it should, to an operator. */
function goodAnswer({ method, path, key, body }: StageRequest): Scripted {
  if (method === 'DELETE' && path === '/health')
    return problem(405, 'method_not_allowed', { allow: 'GET, HEAD' });
  if (path === '/health') return [200, { status: 'ok', region: 'eu-west-1', version: '1.0.0' }];
  if (path === '/openapi.json') {
    return [
      200,
      { openapi: '3.1.1', paths: { '/v1/reservations': {}, '/v1/movements': {}, '/v1/stock/{sku}': {} } },
    ];
  }
  if (path === '/smoke-unknown') return problem(404, 'not_found');
  if (key === undefined) return problem(401, 'unauthenticated');
  if (path === '/products?limit=1') return problem(403, 'forbidden');
  if (path === '/tenants') return problem(409, 'tenant_exists');
  if (path === '/tenants/smoke/keys') return [201, { keyId: 'k1', secret: 'made' }];
  if (method === 'DELETE') return [204];
  if (method === 'PUT') return [200, {}];
  if (path.startsWith('/audit')) return [200, { ok: true, stable: true, violations: [] }];
  const [, , , action] = path.split('/');
  if (action !== undefined)
    return [200, { reservationId: 'r1', status: OK_STATUS[action as keyof typeof OK_STATUS] }];
  if (path === '/movements') return [201, {}];
  const { lines } = body as { lines: readonly { quantity: number }[] };
  return lines[0]?.quantity === 1 ? reservation('held') : problem(409, 'insufficient_stock');
}

/** A run against a stage that answers some requests otherwise. */
async function run(otherwise: (request: StageRequest) => Scripted | undefined = () => undefined) {
  const asked: StageRequest[] = [];
  const ask = async (request: StageRequest): Promise<StageAnswer> => {
    asked.push(request);
    const [status, body, headers] = otherwise(request) ?? goodAnswer(request);
    return { status, body, headers: new Headers(headers) };
  };
  const report = await runSmoke(
    { api: 'https://stage/v1', key: 'given', runId: 'run' },
    { ask, clock: { sleep: async () => undefined }, now: () => 0, onResult: () => undefined },
  );
  const failed = report.checks.filter(({ result }) => result === 'failed').map(({ name }) => name);
  return { report, asked, failed };
}

describe('a smoke test', () => {
  it('passes a good stage, with a key of its own that it takes back', async () => {
    const { report, asked } = await run();
    expect(report).toMatchObject({ ok: true, region: 'eu-west-1' });
    expect(asked.filter(({ path }) => path === '/movements').map(({ key }) => key)).toEqual(['made', 'made']);
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/keys/k1', key: 'given' });
    expect(renderVerdict(report)).toContain(
      'PASSED: https://stage/v1 (eu-west-1, version 1.0.0) passed all 17',
    );
  });

  it("uses a tenant's key as it is", async () => {
    const { report, asked } = await run(({ path }) => (path === '/products?limit=1' ? [200, {}] : undefined));
    expect(report.ok).toBe(true);
    expect(asked.some(({ path }) => path.includes('keys'))).toBe(false);
  });

  it.each<[string, (request: StageRequest) => Scripted | undefined]>([
    [
      'health',
      ({ path, method }) =>
        path === '/health' && method === 'GET'
          ? [200, { status: 'degraded', region: 'eu-west-1', version: '1' }]
          : undefined,
    ],
    [
      'OpenAPI document',
      ({ path }) => (path === '/openapi.json' ? [200, { openapi: '3.1.1', paths: {} }] : undefined),
    ],
    ['no key: 401', ({ key, path }) => (key === undefined && path === '/products' ? [200, {}] : undefined)],
    [
      'unknown path: 404',
      ({ path }) => (path === '/smoke-unknown' ? [404, { code: 'not_found' }] : undefined),
    ],
    [
      'wrong verb: 405 with Allow',
      ({ method, path }) =>
        method === 'DELETE' && path === '/health' ? problem(405, 'method_not_allowed') : undefined,
    ],
    ['key', ({ path }) => (path === '/tenants' ? problem(403, 'forbidden') : undefined)],
    [
      'too large a hold: 409',
      ({ body }) => (JSON.stringify(body)?.includes('1000000000') ? reservation('held') : undefined),
    ],
    [
      'confirm',
      ({ path }) => (path.endsWith('/confirm') ? [200, { reservationId: 'r1', status: 'held' }] : undefined),
    ],
    [
      'audit',
      ({ path }) =>
        path.startsWith('/audit')
          ? [200, { ok: false, stable: true, violations: ['north: wrong'] }]
          : undefined,
    ],
    [
      'key revoked',
      ({ path, method }) =>
        method === 'DELETE' && path !== '/health' ? problem(404, 'not_found') : undefined,
    ],
  ])('fails at %s, and only there', async (name, otherwise) => {
    const { report, failed } = await run(otherwise);
    expect(failed).toEqual([name]);
    expect(report.ok).toBe(false);
    expect(renderVerdict(report)).toContain(`failed: ${name}.`);
  });

  it('sees that the same key has made two holds', async () => {
    let holds = 0;
    const { failed } = await run(({ path, idempotencyKey }) => {
      if (path !== '/reservations' || idempotencyKey !== 'run.hold-1') return undefined;
      holds += 1;
      return reservation('held', `r${holds}`);
    });
    expect(failed).toEqual(['the same hold again: the same answer']);
  });

  it('takes its key back also when a check fails', async () => {
    const { asked } = await run(({ path }) => (path.endsWith('/ship') ? [500, {}] : undefined));
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', path: '/keys/k1' });
  });

  it.each([
    [[], '--api is needed; --key is needed'],
    [['--api', 'http://stage', '--key', 'k'], '--api must end in /v1'],
  ])('says what is wrong with %j', (argv, message) => {
    expect(() => parseSmokeOptions(argv)).toThrow(message);
  });
});
