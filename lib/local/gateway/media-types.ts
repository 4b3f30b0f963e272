// True when the list has the type itself, or the pattern for all types. Parameters such as `charset` do not count.
export function isBinary(mediaTypes: readonly string[], header: string | undefined): boolean {
  if (mediaTypes.includes('*/*')) return true;
  const type = header?.split(/[;,]/, 1)[0]?.trim().toLowerCase();
  return type !== undefined && mediaTypes.some((mediaType) => mediaType.toLowerCase() === type);
}
