import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Rules that do not fit something, by their names, and why: one sentence each, for whoever reviews them. */
export type Reasons = Readonly<Record<string, string>>;

export const TRACING_IS_OPTIONAL =
  'Every request and every batch has a line in the logs with its ids and its time; -c tracing=on samples traces as well.';

/** Why the data of a stage such as `dev` is not protected. */
export const DATA_MAY_BE_LOST = 'The data of this stage may be lost, so nothing keeps it.';

/**
 * Says why rules of cdk-nag, or of `lib/rules`, do not fit a construct and what is in it. It stands beside what it is
 * about: what nobody can give a reason for is mended instead.
 */
export function acknowledge(construct: IConstruct, reasons: Reasons): void {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason });
}
