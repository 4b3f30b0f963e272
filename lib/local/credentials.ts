import { createHash } from 'node:crypto';

/** Credentials that everything local signs with. DynamoDB Local wants letters and digits and checks no more. */
export const LOCAL_CREDENTIALS = {
  accessKeyId: 'LOCALHOLDFAST',
  secretAccessKey: 'local',
  sessionToken: 'local',
} as const;

/** Letters and digits behind the four that say what kind of key it is. */
export const KEY_DIGITS = 16;

/** The key that functions with a role sign with: it tells the database's proxy whose call it is. */
export const keyOfRole = (roleArn: string): string =>
  `AKIA${createHash('sha256').update(roleArn).digest('hex').slice(0, KEY_DIGITS).toUpperCase()}`;
