import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PutRecordBatchCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Services, startServices } from './fixtures/services.ts';

const QUERY = '{tenant: .tenantId, kind:.data.kind}';
const PROCESSORS = [
  {
    Type: 'MetadataExtraction',
    Parameters: [
      { ParameterName: 'MetadataExtractionQuery', ParameterValue: QUERY },
      { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
    ],
  },
  { Type: 'AppendDelimiterToRecord', Parameters: [{ ParameterName: 'Delimiter', ParameterValue: '\\n' }] },
];
const PARTITIONED = {
  BucketARN: 'arn:aws:s3:::shop-log',
  Prefix:
    'log/day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/tenant=!{partitionKeyFromQuery:tenant}/!{partitionKeyFromQuery:kind}/',
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM}/',
  BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
  DynamicPartitioningConfiguration: { Enabled: true },
  ProcessingConfiguration: { Enabled: true, Processors: PROCESSORS },
};
const PLAIN = { BucketARN: { 'Fn::GetAtt': ['Bucket', 'Arn'] }, Prefix: 'plain/', RoleARN: 'r' };
const resources = (destination: object, rest: object = {}) => ({
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shop-log' } },
  Log: {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: { DeliveryStreamName: 'log', ExtendedS3DestinationConfiguration: destination, ...rest },
  },
});

let services: Services;
afterEach(() => services?.stop());
async function start(destination: object, options?: Parameters<typeof startServices>[1]) {
  services = await startServices(resources(destination), options);
}

const put = (...records: (string | object)[]) =>
  services.firehose.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: 'log',
      Records: records.map((record) => ({
        Data: Buffer.from(typeof record === 'string' ? record : JSON.stringify(record)),
      })),
    }),
  );
const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .toSorted();
const files = () => filesIn(services.host.analyticsDirectory);
const content = (file: string) => readFileSync(path.join(services.host.analyticsDirectory, file));
const written = () =>
  vi.waitFor(() => expect(services.services[0]?.recordsBuffered).toBe(0), { timeout: 10_000, interval: 20 });
const record = (tenantId: string, kind = 'sale') => ({ tenantId, data: { kind } });

describe('a delivery stream', () => {
  it('writes its records by partition, in objects named after stream, time and order', async () => {
    await start(PARTITIONED);
    const [{ tenantId }] = [record('a')];
    const answer = await put(record('a'), record('b'), { ...record('a'), n: 2 });
    expect(answer).toMatchObject({ FailedPutCount: 0, Encrypted: false });
    expect(answer.RequestResponses?.map(({ RecordId }) => RecordId?.length)).toEqual([36, 36, 36]);
    expect(services.services[0]?.recordsBuffered).toBe(3);
    await written();
    const [ofA = '', ofB = ''] = files();
    const now = new Date().toISOString();
    expect(path.dirname(ofA)).toBe(
      `shop-log/log/day=${now.slice(0, 10)}/hour=${now.slice(11, 13)}/tenant=${tenantId}/sale`,
    );
    expect(path.basename(ofA)).toMatch(/^log-1-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-\d{8}$/);
    expect(content(ofA).toString()).toBe(
      '{"tenantId":"a","data":{"kind":"sale"}}\n{"tenantId":"a","data":{"kind":"sale"},"n":2}\n',
    );
    expect(ofB).toContain('/tenant=b/');
  });

  it('never changes an object', async () => {
    await start(PARTITIONED);
    await put(record('a'));
    await written();
    const before = files();
    await put(record('a'));
    await written();
    expect(files()).toHaveLength(2);
    expect(files()).toEqual(expect.arrayContaining(before));
  });

  it('keeps records apart that belong to no partition, as they came', async () => {
    await start(PARTITIONED);
    await put('no JSON', { tenantId: 'a' }, { tenantId: 'a', data: { kind: null } });
    await written();
    const [file = '', ...more] = files();
    expect(file).toMatch(/^shop-log\/errors\/processing-failed\/\d{4}\/\d\d\/log-1-/);
    expect(more).toEqual([]);
    const lines = content(file)
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ rawData }) => Buffer.from(rawData, 'base64').toString())).toEqual([
      'no JSON',
      '{"tenantId":"a"}',
      '{"tenantId":"a","data":{"kind":null}}',
    ]);
  });

  it('never leaves its folder, whatever a record says', async () => {
    await start(PARTITIONED);
    await put(record('../../../../../../../../escaped', '..'));
    await written();
    expect(files()).toHaveLength(1);
    expect(files()[0]).toMatch(/^shop-log\/log\/.*%2E\/.*escaped/);
  });

  it('without expressions puts the hour behind its prefix, and compresses when it shall', async () => {
    await start({ ...PLAIN, CompressionFormat: 'GZIP' });
    await put('one', 'two');
    await written();
    const [file = ''] = files();
    expect(file).toMatch(/^shop-log\/plain\/\d{4}\/\d\d\/\d\d\/\d\d\/log-1-.*\.gz$/);
    expect(gunzipSync(content(file)).toString()).toBe('onetwo');
  });

  it('writes an object when there is a megabyte for it', async () => {
    await start(PLAIN);
    await put('x'.repeat(600_000), 'y'.repeat(600_000), 'z');
    await written();
    expect(files().map((file) => content(file).length)).toEqual([1_200_000, 1]);
  });

  it('writes what is left when it is stopped; a data directory keeps it, a temporary one goes', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-data-'));
    await start(PLAIN, { dataDir });
    await put('one');
    await services.stop();
    expect(filesIn(path.join(dataDir, 'analytics'))).toHaveLength(1);
    rmSync(dataDir, { recursive: true });

    await start(PLAIN);
    await put('one');
    const { analyticsDirectory } = services.host;
    await services.stop();
    expect(() => readdirSync(analyticsDirectory)).toThrow('ENOENT');
    await start(PLAIN);
  });
});

describe('PutRecordBatch', () => {
  it('fails in part on purpose', async () => {
    await start(PLAIN);
    services.faults.add({ operation: 'PutRecordBatch', region: undefined, rate: 1, kind: 'partial' });
    const { FailedPutCount = 0, RequestResponses = [] } = await put('a', 'b', 'c');
    expect([1, 2]).toContain(FailedPutCount);
    const failed = RequestResponses.filter(({ ErrorCode }) => ErrorCode === 'ServiceUnavailableException');
    expect(failed).toHaveLength(FailedPutCount);
    expect(services.services[0]?.recordsBuffered).toBe(3 - FailedPutCount);
  });

  it.each([
    ['throttle', { name: 'ServiceUnavailableException' }],
    ['error_500', { $metadata: { httpStatusCode: 500 } }],
    ['timeout_before', { code: 'ECONNRESET' }],
  ] as const)('fails on purpose: %s', async (kind, error) => {
    await start(PLAIN);
    services.faults.add({ operation: 'PutRecordBatch', region: undefined, rate: 1, kind });
    await expect(put('a')).rejects.toMatchObject(error);
    expect(services.services[0]?.recordsBuffered).toBe(0);
  });

  it('refuses what is too much, and a stream that there is not', async () => {
    await start(PLAIN);
    await expect(put(...Array(501).fill('x'))).rejects.toThrow('500');
    await expect(put('x'.repeat(1_024_001))).rejects.toThrow('at most 1024000 bytes');
    await expect(put(...Array(5).fill('x'.repeat(1_000_000)))).rejects.toThrow('at most 4194304 bytes');
    const input = { DeliveryStreamName: 'other', Record: { Data: Buffer.from('x') } };
    await expect(services.firehose.send(new PutRecordCommand(input))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('has a form for a single record', async () => {
    await start(PLAIN);
    const input = { DeliveryStreamName: 'log', Record: { Data: Buffer.from('x') } };
    expect((await services.firehose.send(new PutRecordCommand(input))).RecordId).toHaveLength(36);
    await written();
    expect(files()).toHaveLength(1);
  });
});
