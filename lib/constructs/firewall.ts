import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { edgeProblemBody } from './edge-problem.ts';
import { FIREWALL_PROBLEMS, firewallRules, INSPECTED_BODY, visibilityOf } from './firewall-rules.ts';

/** The firewall writes to log groups whose names begin so, and to no others. */
const LOG_NAME_PREFIX = 'aws-waf-logs-';

/**
 * What stands for the id in an answer of the firewall: its bodies are fixed texts, made before there is a request. The
 * gateway's own id of the request is in the header `x-amzn-RequestId`.
 */
const NO_REQUEST_ID = 'unknown';

export interface FirewallProps {
  readonly deployment: Deployment;
  readonly api: RestApi;
}

/**
 * The web firewall in front of the gateway: it turns away floods, known attacks, and bodies that are longer than what it
 * can look at. It judges before anything else, so its answers come before 404, 405 and 401.
 */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, { deployment, api }: FirewallProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      description: `In front of the API of stage ${deployment.stage}`,
      defaultAction: { allow: {} },
      rules: firewallRules(),
      associationConfig: {
        requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: INSPECTED_BODY.size } },
      },
      customResponseBodies: answerBodies(),
      visibilityConfig: visibilityOf(`holdfast-${deployment.stage}`),
    });
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: acl.attrArn,
    });
    this.log(acl, deployment);
  }

  /** Of blocked requests only, and without the key and the query: to see whether a customer was taken for an attacker. */
  private log(acl: CfnWebACL, { stage, settings }: Deployment): void {
    const group = new LogGroup(this, 'Blocked', {
      logGroupName: `${LOG_NAME_PREFIX}holdfast-${stage}`,
      retention: settings.logRetentionDays,
      // Its name is fixed, so one that stayed would block the next deployment; it says nothing that books need.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const configuration = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [logGroupArn(this, stage)],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { queryString: {} }],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
          },
        ],
      },
    });
    configuration.node.addDependency(group);
  }
}

/** Without the `:*` at its end that the ARN of a log group has elsewhere: the firewall refuses it. */
const logGroupArn = (scope: Construct, stage: string): string =>
  Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${LOG_NAME_PREFIX}holdfast-${stage}`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** The content type can only be one of three, and `application/problem+json` is none of them. */
const answerBodies = (): Record<string, CfnWebACL.CustomResponseBodyProperty> =>
  Object.fromEntries(
    Object.entries(FIREWALL_PROBLEMS).map(([name, problem]) => [
      name,
      { contentType: 'APPLICATION_JSON', content: edgeProblemBody(problem, NO_REQUEST_ID) },
    ]),
  );
