import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

/**
 * A run that was lost is not repeated: the next one does all that it would have done, and repeats would only pile up
 * behind whatever made the first one fail. The age is the least that AWS accepts.
 */
const LIMITS = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };

const NOTHING_IS_LOST =
  'The next run does all that a lost one would have done; an alarm is on while runs fail or stay out.';

export interface ScheduledFunctionProps extends Omit<ServiceFunctionProps, 'asynchronous'> {
  /** What the schedule starts, in one sentence. */
  readonly description: string;
  readonly every: Duration;
}

/** A function that is started every so often. */
export class ScheduledFunction extends Construct {
  readonly function: ServiceFunction;

  constructor(scope: Construct, id: string, { description, every, ...props }: ScheduledFunctionProps) {
    super(scope, id);
    this.function = new ServiceFunction(this, 'Function', { ...props, asynchronous: LIMITS });
    new Rule(this, 'Schedule', {
      description,
      schedule: Schedule.rate(every),
      targets: [new LambdaFunction(this.function.invokable, LIMITS)],
    });
    acknowledge(this, {
      'Serverless-EventBusDLQ': NOTHING_IS_LOST,
      'Serverless-LambdaAsyncFailureDestination': NOTHING_IS_LOST,
      'Serverless-LambdaDLQ': NOTHING_IS_LOST,
    });
  }
}
