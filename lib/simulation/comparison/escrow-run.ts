/** The run that the targets are about: escrow in three regions, restocked for some hours, then sold out. */
import { auditStock } from '../../application/audit-stock.ts';
import type { Grant } from '../../domain/grant.ts';
import { HOME } from './assumptions.ts';
import { createWorld, Market } from './market.ts';
import { makeEscrow } from './protocols.ts';
import { type DemandShape, skusOf } from './scenario.ts';
import { type ServiceProtocol, TENANT } from './service-protocol.ts';
import type { HoldCounts } from './tally.ts';
import { type UsualFigures, usualFigures } from './usual-figures.ts';

export interface EscrowFigures {
  readonly bulk: Readonly<HoldCounts>;
  readonly tail: Readonly<HoldCounts>;
  readonly sellOut: SellOutFigures;
  readonly wrongRefusals: number;
  readonly conflicts: number;
  /** Skus whose audit found something wrong at the end. */
  readonly badAudits: readonly string[];
  /** Units promised or shipped beyond what was received. */
  readonly oversold: number;
  /** Beside the other protocols: of the hours before the sell-out. */
  readonly usual: UsualFigures;
}

export interface SellOutFigures {
  readonly sku: string;
  readonly held: number;
  readonly refused: number;
  /** Units that nobody could be sold while they were free. */
  readonly unsold: number;
}

/** After the last unit somebody still asks, for so long. */
const AFTER_SELL_OUT_MS = 30_000;
const LOOK_EVERY_MS = 5_000;
/** A lot is sold in less than this, or the sell-out is stuck. */
const SELL_OUT_MAX_MS = 4 * 3_600_000;

/** Counts the grants of a deployment as they are made. */
function watchGrants(market: Market, protocol: ServiceProtocol): void {
  for (const store of protocol.fleet.stores) {
    store.onChange((changes) => {
      for (const { entity, before, after, origin } of changes) {
        if (entity !== 'grant' || origin !== 'local' || before !== undefined) continue;
        const { sku, quantity } = after as Grant;
        market.tally.granted(quantity, protocol.free(sku));
      }
    });
  }
}

/** Sells the scarcest sku to the last unit; what is not restocked any more must not be left over. */
async function sellOut(market: Market, shape: DemandShape): Promise<SellOutFigures> {
  const { protocol, tally } = market;
  const [sku = ''] = skusOf(shape).sort((a, b) => protocol.free(a) - protocol.free(b));
  const before = tally.total();
  market.sellOut(sku);
  const isLeft = () => market.shoppers.undecided > 0 || protocol.free(sku) > 0;
  for (let waitedMs = 0; isLeft() && waitedMs < SELL_OUT_MAX_MS; waitedMs += LOOK_EVERY_MS) {
    await market.pass(LOOK_EVERY_MS);
  }
  await market.pass(AFTER_SELL_OUT_MS);
  const after = tally.total();
  return {
    sku,
    held: after.held - before.held,
    refused: after.refused - before.refused,
    unsold: protocol.free(sku),
  };
}

/** Audits every sku, as anybody may who has a key. */
async function audit(protocol: ServiceProtocol, skus: readonly string[]) {
  const badAudits: string[] = [];
  let oversold = 0;
  for (const sku of skus) {
    const audited = await auditStock(protocol.fleet.serving(HOME), TENANT, sku);
    if (!audited.ok || !audited.value.ok || !audited.value.stable) badAudits.push(sku);
    if (audited.ok) oversold += audited.value.total.shortage;
  }
  return { badAudits, oversold };
}

export async function runEscrow(
  seed: number,
  { shape, hours }: { readonly shape: DemandShape; readonly hours: number },
): Promise<EscrowFigures> {
  const world = createWorld(seed);
  const protocol = makeEscrow(world, shape);
  const market = new Market(world, protocol, shape);
  await market.open();
  watchGrants(market, protocol);
  await market.pass(hours * 3_600_000);
  const { bulk, tail } = structuredClone(market.tally.parts);
  const usual = usualFigures(market, { protocol: 'escrow', hours });
  const sold = await sellOut(market, shape);
  await market.close();
  const audited = await market.finish(audit(protocol, skusOf(shape)));
  return {
    bulk,
    tail,
    sellOut: sold,
    wrongRefusals: market.tally.wrongRefusals,
    conflicts: protocol.fleet.replication.conflicts,
    ...audited,
    usual,
  };
}
