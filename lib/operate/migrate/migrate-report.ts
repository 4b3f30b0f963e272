import type { SegmentCounts } from './segment-counts.ts';

export interface MigrateReport {
  /** Whether every item that a region owns is of the current version, as far as was looked. */
  readonly ok: boolean;
  readonly dryRun: boolean;
  readonly entities: readonly string[];
  readonly regions: readonly ({ readonly region: string } & SegmentCounts)[];
  /** Items that this release cannot read, the first ones, with the reason. */
  readonly unreadable: readonly string[];
}

/** The report, for people. */
export function renderMigrate({ regions, dryRun, entities, unreadable }: MigrateReport): string {
  if (entities.length === 0) return 'Nothing is stored in two versions.';
  const lines = regions.map((counts) => {
    const { region, seen, current, migrated, due, foreign, gone, contended, units } = counts;
    const parts = [
      dryRun ? `${due} to migrate` : `${migrated} migrated`,
      `${current} current`,
      `${foreign} of other regions`,
      ...(gone > 0 ? [`${gone} gone meanwhile`] : []),
      ...(contended > 0 ? [`${contended} changed at every look; run it again for them`] : []),
      ...(counts.unreadable > 0 ? [`${counts.unreadable} not readable`] : []),
    ];
    return `${region}: ${seen} items, of ${entities.join(', ')} ${parts.join(', ')}; ${Math.round(units)} units`;
  });
  return [...lines, ...unreadable].join('\n');
}
