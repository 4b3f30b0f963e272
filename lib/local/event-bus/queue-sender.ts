/** Puts messages into queues. */
export interface QueueSender {
  /**
   * @param attributes message attributes, each a string. @default none
   * @throws an Error whose name is the code of SQS, `QueueDoesNotExist` among them.
   */
  send(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): Promise<void>;
}
