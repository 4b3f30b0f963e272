/** The three protocols that are compared. */
import type { SimulatedWorld } from '../world.ts';
import { HOME, REGIONS } from './assumptions.ts';
import { MrscProtocol } from './mrsc-protocol.ts';
import type { Protocol } from './protocol.ts';
import type { DemandShape } from './scenario.ts';
import { ServiceProtocol } from './service-protocol.ts';
import { journeys } from './ways.ts';

export const PROTOCOL_NAMES = ['escrow', 'one home region', 'strong consistency'] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

type Make<Made extends Protocol> = (world: SimulatedWorld, shape: DemandShape) => Made;

/** Holdfast as it is: every region sells its own quota. */
export const makeEscrow: Make<ServiceProtocol> = (world, shape) =>
  new ServiceProtocol(world, {
    name: 'escrow',
    regions: REGIONS,
    shape,
    way: { servedIn: (region) => region, travel: journeys(world) },
  });

/** The same use cases, deployed in one region; requests of the others go there. */
const makeHome: Make<ServiceProtocol> = (world, shape) =>
  new ServiceProtocol(world, {
    name: 'one home region',
    regions: [HOME],
    shape,
    way: { servedIn: () => HOME, travel: journeys(world) },
  });

export const MAKERS: Readonly<Record<ProtocolName, Make<Protocol>>> = {
  escrow: makeEscrow,
  'one home region': makeHome,
  'strong consistency': (world, shape) => new MrscProtocol(world, { name: 'strong consistency', shape }),
};
