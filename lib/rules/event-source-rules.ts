import { CfnAlias, CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { HouseRule } from './house-rule.ts';
import { logicalIdOf, neighboursOf, referredId, resolved } from './resolved.ts';

/** AWS advises to hide a message for six runs of its worker, so that throttled runs find it hidden still. */
const RUNS_WHILE_HIDDEN = 6;
/** What Lambda and SQS take when a template says nothing. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_HIDDEN_SECONDS = 30;

function queueOf(mapping: CfnEventSourceMapping): CfnQueue | undefined {
  const id = referredId(mapping, mapping.eventSourceArn);
  return neighboursOf(mapping).find(
    (resource): resource is CfnQueue => resource instanceof CfnQueue && logicalIdOf(resource) === id,
  );
}

function workerOf(mapping: CfnEventSourceMapping): CfnFunction | undefined {
  // An alias is named by a part of its ARN.
  const named = JSON.stringify(resolved(mapping, mapping.functionName));
  const alias = neighboursOf(mapping).find(
    (resource): resource is CfnAlias =>
      resource instanceof CfnAlias && named.includes(`"${logicalIdOf(resource)}"`),
  );
  const id =
    alias === undefined ? referredId(mapping, mapping.functionName) : referredId(alias, alias.functionName);
  return neighboursOf(mapping).find(
    (resource): resource is CfnFunction => resource instanceof CfnFunction && logicalIdOf(resource) === id,
  );
}

const isStream = (mapping: CfnEventSourceMapping): boolean => mapping.startingPosition !== undefined;

const everyMapping = (
  name: string,
  message: string,
  check: (mapping: CfnEventSourceMapping) => boolean | undefined,
): HouseRule => ({
  name,
  message,
  check: (resource) => (resource instanceof CfnEventSourceMapping ? check(resource) : undefined),
});

export const EVENT_SOURCE_RULES: readonly HouseRule[] = [
  everyMapping(
    'BatchItemFailures',
    'One bad message fails its whole batch: report failures item by item.',
    ({ functionResponseTypes = [] }) => functionResponseTypes.includes('ReportBatchItemFailures'),
  ),
  everyMapping(
    'QueueConcurrency',
    'A flood in the queue may use up the concurrency of the account: name the most workers at once, two at least.',
    (mapping) => {
      if (isStream(mapping)) return undefined;
      const { scalingConfig } = mapping;
      return scalingConfig !== undefined && 'maximumConcurrency' in scalingConfig;
    },
  ),
  everyMapping(
    'StreamFailures',
    'A change that fails holds up its shard until it is lost: split batches, bound the age, name where failures go.',
    (mapping) =>
      isStream(mapping)
        ? mapping.bisectBatchOnFunctionError === true &&
          mapping.maximumRecordAgeInSeconds !== undefined &&
          mapping.destinationConfig !== undefined
        : undefined,
  ),
  everyMapping(
    'HiddenLongEnough',
    'A message shows again while its worker runs: hide it for six runs of the worker.',
    (mapping) => {
      const queue = queueOf(mapping);
      if (queue === undefined) return undefined;
      const runSeconds = workerOf(mapping)?.timeout ?? DEFAULT_TIMEOUT_SECONDS;
      return (queue.visibilityTimeout ?? DEFAULT_HIDDEN_SECONDS) >= RUNS_WHILE_HIDDEN * runSeconds;
    },
  ),
];
