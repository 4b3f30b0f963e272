import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { httpHandler } from '../../lambdas/http/http-handler.ts';
import { docsPage, type ReadAsset } from '../../lambdas/system/docs-page.ts';
import { systemOperations } from '../../lambdas/system/operations.ts';
import { TAKES_TRAFFIC } from '../../lib/config/gateway.ts';
import { eventOf, type SentRequest } from './gateway-events.ts';

const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

interface Options {
  readonly isDraining?: () => Promise<boolean>;
  readonly readAsset?: ReadAsset;
}

function createSystemHandler({ isDraining = async () => false, readAsset = async () => '' }: Options = {}) {
  return httpHandler(
    {
      admit: async () => ({ admitted: true }),
      newRequestId: () => 'made-1',
      nowMs: () => 0,
      logger: { info: () => {}, error: () => {} },
      metrics: { record: () => {} },
    },
    systemOperations({ isDraining, readAsset, region: 'us-east-1', version: '1.2.3' }),
  );
}

function createSystem(options: Options = {}) {
  const handler = createSystemHandler(options);
  return (sent: SentRequest) => handler(eventOf(sent));
}

describe('health', () => {
  it('is ok when the database answers', async () => {
    const answer = await createSystem()({ path: '/v1/health' });
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([
      200,
      { status: 'ok', region: 'us-east-1', version: '1.2.3', checks: { database: 'ok', traffic: 'ok' } },
    ]);
  });

  it('is degraded, and still 200, when it does not', async () => {
    const isDraining = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.1'));
    const answer = await createSystem({ isDraining })({ path: '/v1/health' });
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'degraded', checks: { database: 'failed' } });
    expect(answer.body).not.toContain('10.0.0.1');
  });

  it('holds what the health checks of Route 53 look for while the region is to get traffic, and only then', async () => {
    const bodyOf = async (isDraining: () => Promise<boolean>) =>
      (await createSystem({ isDraining })({ path: '/v1/health' })).body;
    expect(await bodyOf(async () => false)).toContain(TAKES_TRAFFIC);
    const draining = await bodyOf(async () => true);
    expect(JSON.parse(draining)).toMatchObject({ status: 'ok', checks: { traffic: 'draining' } });
    expect(draining).not.toContain(TAKES_TRAFFIC);
    expect(await bodyOf(() => Promise.reject(new Error('gone')))).not.toContain(TAKES_TRAFFIC);
  });
});

describe('the OpenAPI document', () => {
  it('is served with the version and the address of this deployment', async () => {
    const answer = await createSystem()({ path: '/v1/openapi.json' });
    expect(answer.headers).toMatchObject({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'public, max-age=300',
    });
    expect(JSON.parse(answer.body)).toMatchObject({
      info: { version: '1.2.3' },
      servers: [{ url: '/live' }],
    });
  });

  it.each([
    ['abc.execute-api.us-east-1.amazonaws.com', '/v1/openapi.json', '/live'],
    ['127.0.0.1:4001', '/v1/openapi.json', '/'],
    ['api.acme.example', '/v1/openapi.json', '/'],
    ['api.acme.example', '/stock/v1/openapi.json', '/stock'],
  ])('names the address the caller used: %s%s', async (domainName, path, url) => {
    const event = eventOf({ path: '/v1/openapi.json' });
    const requestContext = { ...event.requestContext, domainName };
    const answer = await createSystemHandler()({ ...event, path, requestContext });
    expect(JSON.parse(answer.body).servers[0].url).toBe(url);
  });

  it('is made anew for another address', async () => {
    const handler = createSystemHandler();
    const event = eventOf({ path: '/v1/openapi.json' });
    const elsewhere = {
      ...event,
      requestContext: { ...event.requestContext, domainName: 'api.acme.example' },
    };
    const urls = [event, elsewhere, event].map(
      async (sent) => JSON.parse((await handler(sent)).body).servers[0].url,
    );
    expect(await Promise.all(urls)).toEqual(['/live', '/', '/live']);
  });
});

describe('the documentation', () => {
  const readAsset: ReadAsset = (name) => readFile(join(assets, name), 'utf8');

  it('is one page with scripts that compile, and loads nothing', async () => {
    const { body, headers } = await createSystem({ readAsset })({ path: '/v1/docs' });
    expect(headers?.['Content-Type']).toBe('text/html; charset=utf-8');
    expect(headers?.['Content-Security-Policy']).toContain("default-src 'none'");
    expect(body).not.toMatch(/<script[^>]+src=|<link[^>]+href="(?!data:)|@import|<iframe/i);
    const scripts = [...body.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script ?? '');
    expect(scripts).toHaveLength(2);
    for (const script of scripts) expect(() => new Script(script)).not.toThrow();
    expect(scripts[0]).not.toContain('<!--');
    expect(scripts[1]).toContain('reserveStock');
    expect(Buffer.byteLength(body)).toBeLessThan(5_000_000);
  });

  it('cannot be broken out of', async () => {
    const script = 'a="</script><script>alert(1)</script>";b="<!-- <SCRIPT>"';
    const style = '.a::after { content: "</STYLE><script>" }';
    const readEvil: ReadAsset = async (name) => (name.endsWith('.js') ? script : style);
    const { body } = await createSystem({ readAsset: readEvil })({ path: '/v1/docs' });
    expect(body.match(/<\/script/gi)).toHaveLength(2);
    expect(body.match(/<\/style/gi)).toHaveLength(1);
    const [, inlined = ''] = /<script>(.*?)<\/script>/s.exec(body.slice(body.indexOf('</style>'))) ?? [];
    const found = new Script(`${inlined};[a, b]`).runInNewContext();
    expect(found).toEqual(['</script><script>alert(1)</script>', '<!-- <SCRIPT>']);
  });

  it('cannot be broken out of by what the document says', async () => {
    const page = await docsPage({ title: '</script><!-- <b>' }, async () => '');
    expect(page.match(/<\/script/gi)).toHaveLength(2);
    expect(page).toContain('\\u003c/script>\\u003c!-- \\u003cb>');
  });
});

describe('whatever no route matches', () => {
  it.each([
    ['GET', '/v1/nothing', 404, undefined],
    ['GET', '/v1/health/', 404, undefined],
    ['PATCH', '/v1/products/A', 405, 'DELETE, GET, PUT'],
    ['POST', '/v1/docs', 405, 'GET'],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const answer = await createSystem()({ method, path });
    expect([answer.statusCode, answer.headers?.['Allow']]).toEqual([status, allow]);
  });
});
