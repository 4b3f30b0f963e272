import type { Demand, Load } from './load.ts';

/** Who sets a limit: AWS for the account, AWS for everybody, or we. */
export type LimitKind = 'quota' | 'AWS' | 'ours';

/** Something that takes so much a second in a region, and no more. */
export interface Limit {
  readonly name: string;
  readonly unit: string;
  readonly kind: LimitKind;
  /** Where the figure is from: a page, a file of ours, or `remembered`. */
  readonly source: string;
  /** What it takes, when the busiest hour of a usual day is `usual`. */
  readonly most: (usual: Load) => number;
  /** It grows with the load that it has had. @default false */
  readonly elastic?: true;
  readonly used: (load: Load, demand: Demand) => number;
  /** What a customer sees when it is reached. */
  readonly seen: string;
  readonly remedy: string;
}

const AWS_DOCS = 'https://docs.aws.amazon.com';

/** Pages that several limits are from. */
export const SOURCES = {
  gateway: `${AWS_DOCS}/apigateway/latest/developerguide/limits.html`,
  functions: `${AWS_DOCS}/lambda/latest/dg/gettingstarted-limits.html`,
  table: `${AWS_DOCS}/amazondynamodb/latest/developerguide/ServiceQuotas.html`,
  partition: `${AWS_DOCS}/amazondynamodb/latest/developerguide/bp-partition-key-design.html`,
  burst: `${AWS_DOCS}/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html`,
  bus: `${AWS_DOCS}/eventbridge/latest/userguide/eb-quota.html`,
  delivery: `${AWS_DOCS}/firehose/latest/dev/limits.html`,
  keys: `${AWS_DOCS}/kms/latest/developerguide/requests-per-second.html`,
} as const;
