import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Deployment } from '../config/stages.ts';
import { acknowledge, TRACING_IS_OPTIONAL } from './acknowledge.ts';

const LOG_IS_SHARED =
  'Its log needs a role on the gateway of the whole account and region, which stages that share an account leave alone.';

/** Says why some rules do not fit the API. */
export function acknowledgeGateway(api: RestApi, { settings, options }: Deployment): void {
  acknowledge(api, {
    'AwsSolutions-APIG2':
      'The functions parse every request themselves and name each failing path; the gateway would name none.',
    'AwsSolutions-APIG4':
      'Routes without an authorizer are public, or answer 404 and 405, which come before 401; a test lists them.',
    'AwsSolutions-COG4': 'Callers are machines with API keys; there are no users who could sign in.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'The policy that AWS made for exactly this; the role is one for the gateway of the account.',
    ...(!settings.accessLog && {
      'AwsSolutions-APIG1': LOG_IS_SHARED,
      'AwsSolutions-APIG6': LOG_IS_SHARED,
      'Serverless-APIGWAccessLogging': LOG_IS_SHARED,
    }),
    ...(!options.tracing && { 'Serverless-APIGWXrayEnabled': TRACING_IS_OPTIONAL }),
  });
}
