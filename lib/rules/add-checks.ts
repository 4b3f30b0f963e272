import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { HouseChecks } from './house-checks.ts';

/** Holds everything that is synthesised to the rules of cdk-nag and to our own: a finding fails the synthesis. */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    new HouseChecks(app),
  );
}
