/**
 * Names of the preferences in a `Prefer` header, in lower case (RFC 7240). Their values and parameters are
 * left out: no operation asks for one.
 */
export const preferencesOf = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',')
    .map((preference) => preference.split(/[=;]/, 1)[0]?.trim().toLowerCase() ?? '')
    .filter((name) => name !== '');
