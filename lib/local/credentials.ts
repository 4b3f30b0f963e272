/** Credentials that everything local signs with. DynamoDB Local wants letters and digits and checks no more. */
export const LOCAL_CREDENTIALS = {
  accessKeyId: 'LOCALHOLDFAST',
  secretAccessKey: 'local',
  sessionToken: 'local',
} as const;
