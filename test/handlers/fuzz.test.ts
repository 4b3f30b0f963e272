import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../lib/config/routes.ts';
import { PROBLEMS } from '../../lib/contracts/problems.ts';
import { type Answer, createApi, pathsOf } from './api.ts';

const RUNS = 300;

const chosenId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/);
const quantity = fc.integer({ min: 1, max: 1_000_000_000 });
const text = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme-composite', minLength: 1, maxLength })
    .filter((value) => [...value].length <= maxLength && value.isWellFormed());
const printable = text(128).filter((value) => !/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(value));
const metadata = fc.dictionary(
  text(64).filter((key) => key !== '__proto__'),
  text(256),
  { maxKeys: 20 },
);

const lines = fc.uniqueArray(
  fc.record({ sku: chosenId, quantity, locationId: chosenId }, { requiredKeys: ['sku', 'quantity'] }),
  { minLength: 1, maxLength: 50, selector: ({ sku, locationId }) => JSON.stringify([sku, locationId]) },
);

const reserveBody = fc.record(
  {
    lines,
    ttlSeconds: fc.integer({ min: 5, max: 86_400 }),
    allowPartial: fc.boolean(),
    reference: printable,
    metadata,
  },
  { requiredKeys: ['lines'] },
);

const movementBody = fc
  .record(
    { sku: chosenId, locationId: chosenId, quantity, reason: text(1_000), reference: printable },
    { requiredKeys: ['sku', 'locationId', 'quantity'] },
  )
  .chain((body) =>
    fc
      .constantFrom('receipt', 'return', 'write_off', 'adjustment', 'count')
      .map((type) => ({ ...body, type })),
  );

const isDeclared = ({ status, body, headers }: Answer): boolean =>
  status < 300 ||
  (status < 500 &&
    PROBLEMS[body.code]?.status === status &&
    headers['Content-Type'] === 'application/problem+json' &&
    typeof body.requestId === 'string');

/** Paths of all values within a value. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [path, ...keys.flatMap((key) => placesOf((value as Record<string, unknown>)[key], [...path, key]))];
}

function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

describe('good bodies', () => {
  it.each([
    ['reserveStock', reserveBody],
    ['recordMovement', movementBody],
  ] as const)('of %s are accepted, and reach the operation as they were', async (operationId, bodies) => {
    await fc.assert(
      fc.asyncProperty(bodies as fc.Arbitrary<object>, async (body) => {
        const api = createApi();
        const answer = await api.call(operationId, { body });
        expect(pathsOf(answer)).toEqual([]);
        expect(answer.status).toBe(201);
        expect(api.requests[0]?.request.body).toMatchObject(body);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('mutated bodies', () => {
  const wrong = fc.oneof(
    fc.constantFrom<unknown>(null, true, -1, 0.5, 1e300, '', ' ', '\uD800', [], [[]], {}, { a: 1 }),
    fc.jsonValue({ maxDepth: 3 }),
  );

  it.each([
    ['reserveStock', reserveBody],
    ['recordMovement', movementBody],
  ] as const)('of %s are accepted or refused at the place of the mutation', async (operationId, bodies) => {
    await fc.assert(
      fc.asyncProperty(bodies as fc.Arbitrary<object>, fc.nat(), wrong, async (body, choice, by) => {
        const places = placesOf(body);
        const place = places[choice % places.length] ?? [];
        const answer = await createApi().call(operationId, {
          body: JSON.stringify(replaced(body, place, by)),
        });
        expect([200, 201, 400]).toContain(answer.status);
        if (answer.status !== 400) return;
        expect(['validation_failed', 'not_supported']).toContain(answer.body.code);
        const root = place.slice(0, 1).join('');
        if (root !== '') expect(pathsOf(answer).map((path) => path.split('.')[0])).toContain(root);
      }),
      { numRuns: RUNS },
    );
  });

  it('with a field more are refused, whatever it is called', async () => {
    await fc.assert(
      fc.asyncProperty(reserveBody, fc.string(), fc.jsonValue(), async (body, name, value) => {
        fc.pre(
          !['lines', 'ttlSeconds', 'allowPartial', 'reference', 'metadata', 'allowBackorder'].includes(name),
        );
        const text = `${JSON.stringify(body).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;
        const answer = await createApi().call('reserveStock', { body: text });
        expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('anything at all', () => {
  const anyBody = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.json({ maxDepth: 6 }),
    fc
      .array(
        fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '\\', 'a', '1', 'e', '-', 'null', '__proto__'),
      )
      .map((parts) => parts.join('')),
  );

  it('as a body is answered as declared', async () => {
    const operations = ROUTES.filter(({ method }) => method === 'POST' || method === 'PUT');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations),
        anyBody,
        fc.boolean(),
        async ({ operationId }, body, asText) => {
          expect(await createApi().call(operationId, { body, asText })).toSatisfy(isDeclared);
        },
      ),
      { numRuns: 5 * RUNS },
    );
  });

  it('as a path, a query or a header is answered as declared', async () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 80 });
    const anyHeader = fc.oneof(anyText, fc.array(anyText, { maxLength: 3 }));
    const headers = fc.record(
      {
        Authorization: anyHeader,
        'Content-Type': anyHeader,
        'Content-Encoding': anyHeader,
        'Idempotency-Key': anyHeader,
        'If-Match': anyHeader,
        'If-None-Match': anyHeader,
        Prefer: anyHeader,
        'X-Request-Id': anyHeader,
        traceparent: anyHeader,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ROUTES),
        headers,
        fc.dictionary(anyText, anyHeader, { maxKeys: 4 }),
        anyText,
        async ({ operationId, path }, sentHeaders, query, segment) => {
          const api = createApi();
          const changes = { headers: sentHeaders, query };
          expect(await api.call(operationId, changes)).toSatisfy(isDeclared);
          const template = path.replace(/\{\w+\}/, segment.replaceAll('/', '%'));
          expect(await api.call(operationId, { ...changes, path: template })).toSatisfy(isDeclared);
        },
      ),
      { numRuns: 2 * RUNS },
    );
  });
});
