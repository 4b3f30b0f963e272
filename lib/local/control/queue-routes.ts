import type { LocalRegion } from '../local-region.ts';
import type { ControlRoute } from './json-route.ts';
import { notFound, ok } from './json-route.ts';
import { messageViews, queueViews } from './queue-views.ts';

/** `GET /queues` and `GET /queues/{name}/messages`: they look, and change nothing. */
export function queueRoutes({ regions }: { readonly regions: readonly LocalRegion[] }): ControlRoute[] {
  return [
    { method: 'GET', path: /^\/queues$/, run: () => ok(regions.flatMap(queueViews)) },
    {
      method: 'GET',
      path: /^\/queues\/(?<name>[^/]+)\/messages$/,
      run: ({ parameters: { name = '' } }) => {
        const found = regions.flatMap((region) => {
          const queue = region.queues?.find(name);
          return queue === undefined ? [] : [{ region: region.name, queue }];
        });
        if (found.length === 0) return notFound(`There is no queue ${name}.`);
        return ok(found.flatMap(({ region, queue }) => messageViews(region, queue)));
      },
    },
  ];
}
