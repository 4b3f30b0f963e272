import { seedOnce } from '../local/seed-once.ts';
import { startEmbeddedStack } from '../local/start.ts';
import { connectTo } from './http/connect.ts';
import type { Transport } from './http/transport.ts';
import type { ReplayOptions } from './replay-options.ts';

/** An embedded stack for this command alone: on free ports, with nothing in it but tenants and keys. */
export async function startOwnStack() {
  const stack = await startEmbeddedStack({
    // One region sells everything that the file does, and leaves the processors to it.
    regions: ['us-east-1'],
    port: 0,
    controlPort: 0,
    seed: seedOnce,
    seedKind: 'none',
  });
  const baseUrl = stack.regions[0]?.api ?? '';
  return { stack, address: { baseUrl, apiKey: stack.keys?.demo ?? '' } };
}

/**
 * The API that the options name; without one, a stack is started, which ends with the connections to it.
 *
 * @param note receives a line for whoever watches.
 */
export async function openApi(options: ReplayOptions, note: (line: string) => void): Promise<Transport> {
  const { api, key, concurrency } = options;
  if (api !== undefined && key !== undefined) return connectTo({ baseUrl: api, apiKey: key }, concurrency);
  note('Starting the embedded stack…');
  const { stack, address } = await startOwnStack();
  note(`The embedded stack answers at ${address.baseUrl}; its control server at ${stack.control}.`);
  const transport = connectTo(address, concurrency);
  return {
    send: transport.send,
    close: async () => {
      await transport.close();
      await stack.stop();
    },
  };
}
