import type { Dependencies } from './ports.ts';

/**
 * The same dependencies, to write what another region owns: through the replica of that region, wherever this
 * runs. Every item has one writing region, so replication never has two versions to choose from.
 */
export function actingIn<Given extends Dependencies>(deps: Given, region: string): Given {
  return region === deps.region ? deps : { ...deps, region, store: deps.replicas.in(region) };
}

/** The deployed regions other than the one that is acted in. */
export const otherRegions = ({ region, regions }: Pick<Dependencies, 'region' | 'regions'>): string[] =>
  regions.filter((other) => other !== region);

/** The first region: the list of tenants and the secrets of the whole deployment are written there. */
export const firstRegion = ({ regions, region }: Pick<Dependencies, 'region' | 'regions'>): string =>
  regions[0] ?? region;
