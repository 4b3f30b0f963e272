/** Names of secrets, the same in every region: who uses one finds it by its name. */

/** The API key of the tenant `canary`, with the scopes read, write and admin: the key itself, and nothing else. */
export const canarySecretName = (stage: string): string => `holdfast/${stage}/canary-key`;
