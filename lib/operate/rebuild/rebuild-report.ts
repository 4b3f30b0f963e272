import type { RebuiltSku } from '../../application/rebuild-rollups.ts';

/** What became of the skus of a region. */
export interface RegionCounts {
  readonly region: string;
  readonly right: number;
  readonly wrong: number;
  readonly written: number;
  readonly contended: number;
}

export interface RebuildReport {
  /** Whether the read model says what is so, at the end. */
  readonly ok: boolean;
  readonly dryRun: boolean;
  readonly regions: readonly RegionCounts[];
  /** Those that differed, the first ones. */
  readonly differing: readonly RebuiltSku[];
}

/** Of a read model that was lost every sku differs: nobody reads so many, and they must fit into memory. */
const DIFFERING_MAX = 10_000;

/** Fields of one sku on a line; who wants them all asks for JSON. */
const FIELDS_SHOWN = 4;

/** Gathers what is reported of each sku. */
export class RebuildTally {
  readonly #regions = new Map<string, { -readonly [Name in keyof RegionCounts]: RegionCounts[Name] }>();
  readonly #differing: RebuiltSku[] = [];

  constructor(regions: readonly string[]) {
    for (const region of regions) {
      this.#regions.set(region, { region, right: 0, wrong: 0, written: 0, contended: 0 });
    }
  }

  add(rebuilt: RebuiltSku): void {
    const counts = this.#regions.get(rebuilt.region);
    if (counts !== undefined) counts[rebuilt.outcome] += 1;
    if (rebuilt.outcome !== 'right' && this.#differing.length < DIFFERING_MAX) this.#differing.push(rebuilt);
  }

  report(dryRun: boolean): RebuildReport {
    const regions = [...this.#regions.values()];
    const ok = regions.every(({ wrong, contended }) => wrong === 0 && contended === 0);
    return { ok, dryRun, regions, differing: this.#differing };
  }
}

/** One sku that differed, as a line. */
export function renderSku({ region, tenantId, sku, outcome, differences }: RebuiltSku): string {
  const name = `${region} ${tenantId} ${sku} (${outcome})`;
  if (differences.every(({ rollup }) => rollup === undefined)) return `${name}: said nothing of it`;
  const shown = differences
    .slice(0, FIELDS_SHOWN)
    .map(({ field, rollup = 'nothing', truth = 'nothing' }) => `${field} said ${rollup}, is ${truth}`);
  const more = differences.length - shown.length;
  return `${name}: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** The report, for people: all that differed was told on the way. */
export function renderRebuild({ regions, dryRun }: RebuildReport): string {
  const lines = regions.map(({ region, right, wrong, written, contended }) => {
    const skus = right + wrong + written + contended;
    const rest = [
      ...(dryRun ? [`${wrong} differ`] : [`${written} written anew`]),
      ...(contended > 0 ? [`${contended} are changed all the time; run it again for them`] : []),
    ];
    return `${region}: ${skus} skus, ${right} right, ${rest.join(', ')}`;
  });
  return lines.join('\n');
}
