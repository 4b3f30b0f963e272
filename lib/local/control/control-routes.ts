import * as z from 'zod';
import type { CallCosts } from '../meter/call-costs.ts';
import type { Meter } from '../meter/meter.ts';
import { FAULT_KINDS, type Faults, mayFailInPart } from '../proxy/faults.ts';
import { eventSourceRoute } from './event-source-route.ts';
import { eventsRoute } from './events-route.ts';
import type { ControlAnswer, ControlRequest, ControlRoute } from './json-route.ts';
import { BadRequest, notFound, ok } from './json-route.ts';
import { queueRoutes } from './queue-routes.ts';
import type { Workplace } from './quiesce.ts';
import { DEFAULT_QUIESCE_TIMEOUT_MS, MAX_QUIESCE_TIMEOUT_MS, quiesce } from './quiesce.ts';
import type { VisibleStack } from './state.ts';
import { stackState } from './state.ts';

/** Longer than any test waits; a direction that shall stand still is paused. */
const MAX_DELAY_MS = 600_000;

/** What the control server shows and changes. */
export interface ControlledStack extends VisibleStack, Workplace {
  readonly faults: Faults;
  readonly meter: Meter;
  readonly costs: readonly CallCosts[];
}

const faultSchema = z.strictObject({
  operation: z.string().regex(/^(?:\*|[A-Z][A-Za-z]+)$/, 'name an operation, like UpdateItem, or * for all'),
  region: z.string().optional(),
  rate: z.number().min(0).max(1),
  kind: z.enum(FAULT_KINDS),
});

const clockSchema = z.strictObject({ advanceMs: z.number().int().positive() });

const replicationSchema = z.strictObject({
  paused: z.boolean().optional(),
  delayMs: z.number().int().min(0).max(MAX_DELAY_MS).optional(),
});

const quiesceSchema = z.strictObject({
  timeoutMs: z.number().int().min(0).max(MAX_QUIESCE_TIMEOUT_MS).default(DEFAULT_QUIESCE_TIMEOUT_MS),
});

/** Routes that act on one region: `POST /regions/{region}/{action}`. */
function regionRoute(stack: ControlledStack): ControlRoute {
  return {
    method: 'POST',
    path: /^\/regions\/(?<name>[^/]+)\/(?<action>start|stop|crash)$/,
    run: async ({ parameters }) => {
      const region = stack.regions.find(({ name }) => name === parameters['name']);
      if (region === undefined) return notFound(`There is no region ${parameters['name']}.`);
      await region[parameters['action'] as 'start' | 'stop' | 'crash']();
      return ok({ region: region.name, status: region.status });
    },
  };
}

/** `POST /replication/{from}/{to}` */
function replicationRoute({ replicator }: ControlledStack): ControlRoute {
  return {
    method: 'POST',
    path: /^\/replication\/(?<from>[^/]+)\/(?<to>[^/]+)$/,
    run: ({ parameters, body }) => {
      const { from, to } = parameters;
      const direction = replicator.directions.find((one) => one.from === from && one.to === to);
      if (direction === undefined) return notFound(`Nothing is replicated from ${from} to ${to}.`);
      direction.set(body(replicationSchema));
      return ok({ from, to, ...direction.settings, backlog: direction.backlog.size });
    },
  };
}

function addFault({ faults, regions }: ControlledStack, { body }: ControlRequest): ControlAnswer {
  const { operation, region, rate, kind } = body(faultSchema);
  if (region !== undefined && !regions.some(({ name }) => name === region)) {
    throw new BadRequest(`There is no region ${region}.`);
  }
  if (kind === 'partial' && !mayFailInPart(operation)) {
    throw new BadRequest(`${operation} fails as a whole; only PutEvents and PutRecordBatch fail in part.`);
  }
  faults.add({ operation, region, rate, kind });
  return ok({ faults: faults.active });
}

async function settle(stack: ControlledStack, { body }: ControlRequest): Promise<ControlAnswer> {
  const { timeoutMs } = body(quiesceSchema);
  const open = await quiesce(stack, timeoutMs);
  return open.length === 0 ? ok({ open }) : { status: 504, body: { message: 'Work is still open.', open } };
}

/** The routes of the control server, which the design calls its contract. */
export function controlRoutes(stack: ControlledStack): ControlRoute[] {
  const { clock, faults, meter } = stack;
  return [
    { method: 'GET', path: /^\/state$/, run: async () => ok(await stackState(stack)) },
    regionRoute(stack),
    replicationRoute(stack),
    { method: 'GET', path: /^\/faults$/, run: () => ok({ faults: faults.active }) },
    { method: 'POST', path: /^\/faults$/, run: (request) => addFault(stack, request) },
    {
      method: 'DELETE',
      path: /^\/faults$/,
      run: () => {
        faults.clear();
        return ok({ faults: [] });
      },
    },
    {
      method: 'POST',
      path: /^\/clock$/,
      run: ({ body }) => {
        clock.advance(body(clockSchema).advanceMs);
        return ok({ now: new Date(clock.nowMs()).toISOString(), offsetMs: clock.offsetMs });
      },
    },
    { method: 'POST', path: /^\/quiesce$/, run: (request) => settle(stack, request) },
    { method: 'GET', path: /^\/meter$/, run: () => ok({ operations: meter.read() }) },
    {
      method: 'DELETE',
      path: /^\/meter$/,
      run: () => {
        meter.reset();
        // Tests write to the database directly and then measure; what the meter knew is no longer true.
        for (const costs of stack.costs) costs.forgetImages();
        return ok({ operations: [] });
      },
    },
    eventSourceRoute(stack),
    eventsRoute(stack.events),
    ...queueRoutes(stack),
  ];
}
