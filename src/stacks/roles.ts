import type { Stack } from './schema.ts';

/** Says which role of a stack would have too few hosts without some of them, or undefined where every role is filled. */
export function missingRoles(
  stack: Pick<Stack, 'roles'>,
  hosts: readonly { readonly name: string; readonly roles: readonly string[] }[],
  without: readonly string[],
): string | undefined {
  const left = hosts.filter(({ name }) => !without.includes(name));
  for (const [role, { min = 0 }] of Object.entries(stack.roles ?? {})) {
    const count = left.filter(({ roles }) => roles.includes(role)).length;
    if (count < min)
      return `the role ${role} needs ${min} ${min === 1 ? 'host' : 'hosts'}, and ${count} would be left`;
  }
  return undefined;
}
