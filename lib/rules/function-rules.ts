import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { HouseRule } from './house-rule.ts';

export const FUNCTION_RULES: readonly HouseRule[] = [
  {
    name: 'FunctionConcurrency',
    message:
      'A function shares the concurrency of the account without a reason: reserve some, or say why it need not.',
    check: (resource) =>
      resource instanceof CfnFunction ? resource.reservedConcurrentExecutions !== undefined : undefined,
  },
  {
    name: 'FunctionLog',
    message: 'A function makes a log group of its own that is kept for ever: give it one that ends.',
    check: (resource) => (resource instanceof CfnFunction ? resource.loggingConfig !== undefined : undefined),
  },
  {
    name: 'LogRetention',
    message: 'A log is kept for ever: say for how many days.',
    check: (resource) =>
      resource instanceof CfnLogGroup ? resource.retentionInDays !== undefined : undefined,
  },
];
