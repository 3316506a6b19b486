import type { AuthenticationType, AuthHandlerMiddleware, ConnectConfig } from 'ssh2';
import type { RemoteTarget } from './types.ts';

/** How to log in, as ssh2 wants it, and what the server said it takes. */
export interface Authentication {
  readonly config: Pick<ConnectConfig, 'password' | 'privateKey' | 'authHandler'>;
  offered(): readonly AuthenticationType[];
}

/**
 * Key first, then password. A password is tried once only, as `keyboard-interactive` where the server does not take
 * `password`: each wrong try counts towards locking the account.
 */
export function createAuthentication(target: RemoteTarget): Authentication {
  const { password, privateKey } = target.credential;
  let offered: readonly AuthenticationType[] = [];
  const tried = new Set<AuthenticationType>();
  const choose = (left: readonly AuthenticationType[]): AuthenticationType | undefined => {
    const usable: AuthenticationType[] = [];
    if (privateKey !== undefined) usable.push('publickey');
    if (password !== undefined) {
      if (left.includes('password') || tried.has('password')) usable.push('password');
      else usable.push('keyboard-interactive');
    }
    return usable.find((method) => left.includes(method) && !tried.has(method));
  };
  const authHandler: AuthHandlerMiddleware = (left, _partial, next) => {
    // The types leave out that ssh2 passes null before the server was asked.
    const methods = left as AuthenticationType[] | null;
    if (methods === null) {
      next('none');
      return;
    }
    if (offered.length === 0) offered = methods;
    const method = choose(methods);
    if (method === undefined) {
      next(false as never);
      return;
    }
    tried.add(method);
    next(method);
  };
  return {
    config: {
      authHandler,
      ...(password === undefined ? {} : { password }),
      ...(privateKey === undefined ? {} : { privateKey }),
    },
    offered: () => offered,
  };
}
