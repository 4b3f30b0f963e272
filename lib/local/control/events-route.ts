import * as z from 'zod';
import type { EventLog } from '../event-bus/event-log.ts';
import { BadRequest, type ControlRoute, ok } from './json-route.ts';

const querySchema = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  detailType: z.string().optional(),
  tenantId: z.string().optional(),
});

/** `GET /events?after=&detailType=&tenantId=`: what was put on the buses, in order of arrival. */
export function eventsRoute(events: EventLog): ControlRoute {
  return {
    method: 'GET',
    path: /^\/events$/,
    run: ({ query }) => {
      // An empty parameter is one that was left out.
      const given = [...query].filter(([, value]) => value !== '');
      const parsed = querySchema.safeParse(Object.fromEntries(given));
      if (!parsed.success) throw new BadRequest(z.prettifyError(parsed.error));
      return ok(events.read(parsed.data));
    },
  };
}
