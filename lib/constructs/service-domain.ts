import { Stack } from 'aws-cdk-lib';
import {
  DomainName,
  EndpointType,
  type IRestApi,
  type RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnHealthCheck, CfnRecordSet, HostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { GATEWAY_STAGE, TAKES_TRAFFIC } from '../config/gateway.ts';
import type { Deployment } from '../config/stages.ts';

/** Seconds between two looks of one health checker. */
const CHECK_SECONDS = 30;
/** Bad looks in a row before a region is taken out: one lost packet must not move a continent. */
const BAD_CHECKS = 3;

/** The name that the regions share: that of the service, or behind CloudFront one of their own. */
export function regionalName({ options: { domain, cdn } }: Deployment): string | undefined {
  if (domain === undefined) return undefined;
  return cdn ? `origin.${domain.name}` : domain.name;
}

export interface ServiceDomainProps {
  readonly domain: NonNullable<Deployment['options']['domain']>;
  /** The name under which this region answers, as all others do. */
  readonly name: string;
  readonly api: RestApi;
}

/**
 * This region's part of the name that all regions share. Callers are sent to the nearest region whose health check
 * passes: that is decided by Route 53's servers and checkers alone, and needs no call that changes anything.
 */
export class ServiceDomain extends Construct {
  constructor(scope: Construct, id: string, { domain, name, api }: ServiceDomainProps) {
    super(scope, id);
    const zone = HostedZone.fromHostedZoneId(this, 'Zone', domain.hostedZoneId);
    const domainName = new DomainName(this, 'Name', {
      domainName: name,
      certificate: new Certificate(this, 'Certificate', {
        domainName: name,
        validation: CertificateValidation.fromDns(zone),
      }),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
      // The CDK declares a property of an API less exactly than that of the interface.
      mapping: api as IRestApi,
    });
    const { region, urlSuffix } = Stack.of(this);
    const check = new CfnHealthCheck(this, 'Health', {
      healthCheckConfig: {
        type: 'HTTPS_STR_MATCH',
        // The region's own address: the shared name would answer from whatever region is well.
        fullyQualifiedDomainName: `${api.restApiId}.execute-api.${region}.${urlSuffix}`,
        port: 443,
        resourcePath: `/${GATEWAY_STAGE}/v1/health`,
        enableSni: true,
        searchString: TAKES_TRAFFIC,
        requestInterval: CHECK_SECONDS,
        failureThreshold: BAD_CHECKS,
      },
      healthCheckTags: [{ key: 'Name', value: `${name} ${region}` }],
    });
    new CfnRecordSet(this, 'Record', {
      hostedZoneId: domain.hostedZoneId,
      name,
      type: 'A',
      region,
      setIdentifier: region,
      healthCheckId: check.attrHealthCheckId,
      aliasTarget: {
        dnsName: domainName.domainNameAliasDomainName,
        hostedZoneId: domainName.domainNameAliasHostedZoneId,
        evaluateTargetHealth: true,
      },
    });
  }
}
