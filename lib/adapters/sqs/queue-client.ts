import { SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings, type OutletConnection } from '../outlets/client-settings.ts';

/** A client for the functions. The address of a queue is its name: where its region is reached is for the endpoint to say. */
export const createQueueClient = (connection: OutletConnection): SQSClient =>
  new SQSClient({ ...clientSettings(connection), useQueueUrlAsEndpoint: false });
