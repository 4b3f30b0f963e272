import { Duration } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  ApiKeySourceType,
  AuthorizationType,
  AwsIntegration,
  EndpointType,
  type IAuthorizer,
  type Integration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  type MethodOptions,
  Resource,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { apiName, GATEWAY_STAGE } from '../config/gateway.ts';
import { FALLBACK_FUNCTION, type HttpFunctionName, ROUTES, type Route } from '../config/routes.ts';
import type { Deployment } from '../config/stages.ts';
import { CustomerAlarm } from './customer-alarm.ts';
import { Firewall } from './firewall.ts';
import { acknowledgeGateway } from './gateway-reasons.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import type { InventoryTable } from './inventory-table.ts';
import { addKeyAuthorizer } from './key-authorizer.ts';
import type { ReadTable } from './read-table.ts';
import { ServiceFunction } from './service-function.ts';
import { TenantAccess } from './tenant-access.ts';
import { UsagePlans } from './usage-plans.ts';

/** What API Gateway gives an account in a region anyway: said here, so that a raised quota does not raise it unseen. */
const THROTTLE = { throttlingRateLimit: 10_000, throttlingBurstLimit: 5_000 };

export interface HttpApiProps {
  readonly deployment: Deployment;
  readonly table: InventoryTable;
  readonly readTable: ReadTable;
}

/**
 * The API of one region, built from `lib/config/routes.ts`. What no route matches goes to a function too, so
 * that an unknown path and a wrong verb are answered in the words of the API, not of the gateway. Every route
 * that is not public has the authorizer in front of it, and counts for the usage plan of the caller's tier.
 */
export class HttpApi extends Construct {
  /** Address of the first version of the API, without a slash at its end. */
  readonly url: string;
  readonly api: RestApi;
  private readonly integrations = new Map<HttpFunctionName, Integration>();

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.api = createApi(this, props.deployment);
    const tenantAccess = new TenantAccess(this, 'TenantAccess', props);
    for (const name of new Set([...ROUTES.map((route) => route.function), FALLBACK_FUNCTION])) {
      this.integrations.set(name, this.integrate(name, { ...props, tenantAccess }));
    }
    this.addRoutes(addKeyAuthorizer(this, props));
    this.addFallbacks();
    addGatewayResponses(this.api);
    new UsagePlans(this, 'UsagePlans', { ...props, api: this.api });
    if (props.deployment.settings.firewall) new Firewall(this, 'Firewall', { ...props, api: this.api });
    acknowledgeGateway(this.api, props.deployment);
    this.alarmOnServerErrors();
    this.alarmOnLatency();
    this.url = this.api.urlForPath('/v1');
  }

  /**
   * The CDK's own integration would add a permission per method, or one that also lets the console's test
   * feature call the function. One per function, for the deployed stage only, is narrower and far fewer.
   */
  private integrate(
    name: HttpFunctionName,
    props: HttpApiProps & { readonly tenantAccess: TenantAccess },
  ): Integration {
    const { invokable } = new ServiceFunction(this, name, { ...props, name });
    invokable.addPermission('Invoke', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.api.arnForExecuteApi('*', '/*', GATEWAY_STAGE),
    });
    return new AwsIntegration({
      proxy: true,
      service: 'lambda',
      path: `2015-03-31/functions/${invokable.functionArn}/invocations`,
    });
  }

  private addRoutes(authorizer: IAuthorizer): void {
    for (const route of ROUTES) {
      this.api.root
        .resourceForPath(route.path)
        .addMethod(route.method, this.integrations.get(route.function), guardOf(route, authorizer));
    }
  }

  /** Without the authorizer: that a path or a verb does not exist is said before anybody is asked for a key. */
  private addFallbacks(): void {
    this.api.root.addResource('{proxy+}');
    const resources = this.api.root.node.findAll().filter((child) => child instanceof Resource);
    for (const resource of [this.api.root, ...resources]) {
      resource.addMethod('ANY', this.integrations.get(FALLBACK_FUNCTION));
    }
  }

  private alarmOnServerErrors(): void {
    new CustomerAlarm(this, 'ServerErrors', {
      customerImpact: 'More than one request in a hundred fails: checkouts break off and are tried again.',
      runbookSection: 'api-server-errors',
      metric: this.api.deploymentStage.metricServerError({
        // Each request counts 0 or 1, so the average is the share that failed.
        statistic: Stats.AVERAGE,
        period: Duration.minutes(1),
      }),
      threshold: 0.01,
      periods: 5,
      badPeriods: 3,
    });
  }

  private alarmOnLatency(): void {
    new CustomerAlarm(this, 'Slow', {
      customerImpact: 'One request in a hundred takes two seconds or more: shoppers wait at the checkout.',
      runbookSection: 'api-slow',
      metric: this.api.deploymentStage.metricLatency({
        statistic: Stats.percentile(99),
        period: Duration.minutes(1),
      }),
      threshold: Duration.seconds(2).toMilliseconds(),
      periods: 10,
      badPeriods: 8,
    });
  }
}

function guardOf({ access }: Route, authorizer: IAuthorizer): MethodOptions {
  if (access === 'public') return {};
  return { authorizer, authorizationType: AuthorizationType.CUSTOM, apiKeyRequired: true };
}

function createApi(scope: Construct, deployment: Deployment): RestApi {
  const api = new RestApi(scope, 'Gateway', {
    restApiName: apiName(deployment.stage),
    description: `Holdfast, inventory reservations: stage ${deployment.stage}`,
    endpointTypes: [EndpointType.REGIONAL],
    // Bodies arrive as the bytes that were sent: the functions judge encoding and size themselves.
    binaryMediaTypes: ['*/*'],
    // The gateway's keys stand for tiers and are named by the authorizer; what callers send in `x-api-key` is ignored.
    apiKeySourceType: ApiKeySourceType.AUTHORIZER,
    cloudWatchRole: deployment.settings.accessLog,
    deployOptions: {
      stageName: GATEWAY_STAGE,
      tracingEnabled: deployment.options.tracing,
      ...THROTTLE,
      ...accessLogOf(scope, deployment),
    },
  });
  // The stack has an output of its own for the address, under a name that does not change.
  api.node.tryRemoveChild('Endpoint');
  return api;
}

function accessLogOf(scope: Construct, { settings }: Deployment): StageOptions {
  if (!settings.accessLog) return {};
  const log = new LogGroup(scope, 'AccessLog', { retention: settings.logRetentionDays });
  return {
    accessLogDestination: new LogGroupLogDestination(log),
    accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
    // Errors of the gateway itself, never bodies.
    loggingLevel: MethodLoggingLevel.ERROR,
    dataTraceEnabled: false,
  };
}
