import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  type ErrorResponse,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CfnRecordSet, HostedZone } from 'aws-cdk-lib/aws-route53';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from '../config/stages.ts';
import { acknowledge } from './acknowledge.ts';

/** The zone of every distribution, by AWS's documentation of alias targets. */
const CLOUDFRONT_ZONE_ID = 'Z2FDTNDATAQYW2';

/** The documents say so themselves (`Cache-Control: public, max-age=300`); nothing is kept for longer. */
const DOCUMENT_SECONDS = 300;

/** Paths whose answers are the same for everybody. All others depend on the key of whoever asks. */
const PUBLIC_DOCUMENTS = ['/v1/openapi.json', '/v1/docs'];

/**
 * All errors that CloudFront would keep for ten seconds by itself, whoever asked: the 401 of one caller would be given to
 * another one.
 */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

export interface EdgeDistributionProps {
  readonly deployment: Deployment;
  readonly domain: NonNullable<Deployment['options']['domain']>;
  /** The name that the regions share behind it. */
  readonly originName: string;
}

/** CloudFront before all regions: callers are met near them, public documents are kept, and nothing else is. */
export class EdgeDistribution extends Construct {
  constructor(scope: Construct, id: string, { deployment, domain, originName }: EdgeDistributionProps) {
    super(scope, id);
    const zone = HostedZone.fromHostedZoneId(this, 'Zone', domain.hostedZoneId);
    const through = passThrough(originName);
    const documents = keptDocuments(this, through);
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Holdfast, stage ${deployment.stage}`,
      domainNames: [domain.name],
      certificate: new Certificate(this, 'Certificate', {
        domainName: domain.name,
        validation: CertificateValidation.fromDns(zone),
        // The CDK declares a property of its constructs less exactly than those of the interfaces, here and below.
      }) as ICertificate,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: through,
      additionalBehaviors: Object.fromEntries(PUBLIC_DOCUMENTS.map((path) => [path, documents])),
      errorResponses: KEPT_ERRORS.map(
        (httpStatus): ErrorResponse => ({ httpStatus, ttl: Duration.seconds(0) }),
      ),
      enableLogging: true,
      logBucket: createLogBucket(this, deployment) as IBucket,
    });
    for (const type of ['A', 'AAAA']) {
      new CfnRecordSet(this, `Record${type}`, {
        hostedZoneId: domain.hostedZoneId,
        name: domain.name,
        type,
        aliasTarget: { dnsName: distribution.distributionDomainName, hostedZoneId: CLOUDFRONT_ZONE_ID },
      });
    }
    acknowledge(distribution, {
      'AwsSolutions-CFR1': 'Partners may call from any country: nothing is sold by where a caller is.',
      'AwsSolutions-CFR2':
        'The firewall stands before each region, where it cannot be passed by; the name of the regions is no secret.',
    });
  }
}

function passThrough(originName: string): BehaviorOptions {
  return {
    origin: new HttpOrigin(originName, {
      protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [OriginSslPolicy.TLS_V1_2],
      // The gateway gives up after 29 seconds.
      readTimeout: Duration.seconds(30),
    }),
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    // The gateway knows its own name only.
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  };
}

function keptDocuments(scope: Construct, through: BehaviorOptions): BehaviorOptions {
  return {
    ...through,
    cachePolicy: new CachePolicy(scope, 'Documents', {
      comment: 'Public documents of Holdfast, for as long as they say.',
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.seconds(DOCUMENT_SECONDS),
      enableAcceptEncodingGzip: true,
      enableAcceptEncodingBrotli: true,
    }),
  };
}

function createLogBucket(scope: Construct, { settings }: Deployment): Bucket {
  const bucket = new Bucket(scope, 'Logs', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // CloudFront delivers its logs by an access control list.
    objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
    lifecycleRules: [{ expiration: Duration.days(settings.logRetentionDays) }],
    removalPolicy: settings.protectData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  acknowledge(bucket, { 'AwsSolutions-S1': 'It holds access logs itself.' });
  return bucket;
}
