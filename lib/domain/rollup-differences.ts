/** Where two rollups of a sku differ, field by field. */
import type { Rollup } from './rollup.ts';

/** What a rollup says of stock; not who said it, nor when. */
export type RollupContent = Pick<Rollup, 'product' | 'stocks' | 'quotas' | 'committed' | 'level'>;

export interface RollupDifference {
  /** As `quotas.ber-1.us-east-1.0.available`. */
  readonly field: string;
  /** Absent: it says nothing of it. */
  readonly rollup?: string | number;
  /** Absent: there is no such thing. */
  readonly truth?: string | number;
}

type Fields = ReadonlyMap<string, string | number>;

function fieldsOf(content: RollupContent | undefined): Fields {
  const fields = new Map<string, string | number>();
  if (content === undefined) return fields;
  const add = (name: string, entry: object, left: readonly string[] = []) => {
    for (const [field, value] of Object.entries(entry)) {
      if (!left.includes(field)) fields.set(`${name}.${field}`, value);
    }
  };
  if (content.product !== undefined) add('product', content.product);
  for (const stock of content.stocks) add(`stocks.${stock.locationId}`, stock, ['locationId']);
  for (const quota of content.quotas) {
    const { locationId, region, shard } = quota;
    add(`quotas.${locationId}.${region}.${shard}`, quota, ['locationId', 'region', 'shard']);
  }
  for (const { locationId, units } of content.committed) fields.set(`committed.${locationId}`, units);
  if (content.level !== undefined) fields.set('level', content.level);
  return fields;
}

/** The fields that differ, in their order. */
export function rollupDifferences(
  rollup: RollupContent | undefined,
  truth: RollupContent,
): readonly RollupDifference[] {
  const [said, is] = [fieldsOf(rollup), fieldsOf(truth)];
  return [...new Set([...said.keys(), ...is.keys()])].sort().flatMap((field) => {
    const [there, here] = [said.get(field), is.get(field)];
    if (there === here) return [];
    return [
      {
        field,
        ...(there === undefined ? {} : { rollup: there }),
        ...(here === undefined ? {} : { truth: here }),
      },
    ];
  });
}
