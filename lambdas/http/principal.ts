import type { RouteAccess } from '../../lib/config/routes.ts';
import type { CallerKind } from '../../lib/contracts/operation-contract.ts';
import type { Principal, Scope } from '../../lib/domain/access.ts';

/** A tenant's key. It sees the data of its tenant and of nobody else. */
export type TenantPrincipal = Extract<Principal, { readonly kind: 'tenant' }>;

/** An operator's key. It belongs to no tenant's data. */
type OperatorPrincipal = Extract<Principal, { readonly kind: 'operator' }>;

/** Who may call an operation, as its handler sees them. */
export type PrincipalOf<Kind extends CallerKind> = {
  anyone: undefined;
  tenant: TenantPrincipal;
  operator: OperatorPrincipal;
  tenantOrOperator: Principal;
}[Kind];

/** Whether a key may use a route. No scope implies another. */
export function mayCall(access: RouteAccess, principal: Principal): boolean {
  const has = (scope: Scope) => principal.kind === 'tenant' && principal.scopes.includes(scope);
  switch (access) {
    case 'public':
      return true;
    case 'operator':
      return principal.kind === 'operator';
    case 'readOrOperator':
      return principal.kind === 'operator' || has('read');
    case 'adminOrOperator':
      return principal.kind === 'operator' || has('admin');
    case 'read':
    case 'write':
    case 'admin':
      return has(access);
  }
}
