import * as z from 'zod';
import type { LocalRegion } from '../local-region.ts';
import { BadRequest, type ControlRoute, notFound, ok } from './json-route.ts';

const pauseSchema = z.strictObject({
  /** A part of the function's name. */
  function: z.string().min(1),
  region: z.string().optional(),
  paused: z.boolean(),
});

type Pause = z.infer<typeof pauseSchema>;

function sourcesOf(regions: readonly LocalRegion[], { function: name, region }: Pause) {
  return regions
    .filter((one) => region === undefined || one.name === region)
    .flatMap((one) =>
      [...one.eventSources, ...one.queueSources]
        .filter(({ definition }) => definition.function.name.includes(name))
        .map((source) => ({ region: one, source })),
    );
}

/**
 * `POST /event-sources`: stops or starts what feeds a function, streams and queues, while its region goes on. What is
 * in flight then counts as not delivered: a stream shows it again, a queue does after the visibility timeout. A region
 * that is started again starts its event sources too.
 */
export function eventSourceRoute({ regions }: { readonly regions: readonly LocalRegion[] }): ControlRoute {
  return {
    method: 'POST',
    path: /^\/event-sources$/,
    run: ({ body }) => {
      const wanted = body(pauseSchema);
      const found = sourcesOf(regions, wanted);
      if (found.length === 0) return notFound(`Nothing feeds a function ${wanted.function}.`);
      const stopped = found.find(({ region }) => region.status === 'stopped');
      if (stopped !== undefined) throw new BadRequest(`${stopped.region.name} is stopped.`);
      for (const { source } of found) {
        if (wanted.paused) source.stop();
        else source.start();
      }
      const sources = found.map(({ region, source }) => ({
        region: region.name,
        function: source.definition.function.name,
        paused: wanted.paused,
      }));
      return ok({ sources });
    },
  };
}
