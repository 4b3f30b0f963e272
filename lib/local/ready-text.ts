import type { EmbeddedStack } from './embedded-stack.ts';

/** The one line that `--json` prints. */
export function readyLine({ control, regions, keys }: EmbeddedStack): string {
  const addresses = regions.map(({ region, api }) => ({ region, api }));
  return JSON.stringify({ ready: true, control, regions: addresses, keys: keys ?? {} });
}

/** The same for people, with something to try. */
export function readyText({ control, regions, keys }: EmbeddedStack): string {
  const api = regions[0]?.api ?? '';
  const lines = [
    'Holdfast is ready.',
    '',
    ...regions.map((region) => `  ${region.region.padEnd(16)} ${region.api}`),
    `  ${'control'.padEnd(16)} ${control}`,
    `  ${'documentation'.padEnd(16)} ${api}/docs`,
    '',
    ...Object.entries(keys ?? {}).map(([name, key]) => `  key ${name.padEnd(12)} ${key}`),
    '',
    'Try:',
    `  curl -s -H 'Authorization: Bearer ${keys?.demo ?? '<key>'}' ${api}/products`,
    '',
    'Stop with Ctrl-C.',
  ];
  return lines.join('\n');
}
