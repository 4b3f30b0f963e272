/** What the SDK signs with. DynamoDB Local checks the form of a signature, never the signature itself. */
export const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
