/** Name of the vault of backups in each region, and of the plan that fills it. */
export const backupVaultName = (stage: string): string => `holdfast-${stage}`;
