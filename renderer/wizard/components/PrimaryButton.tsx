import { Button, type ButtonProps } from '@patternfly/react-core';
import {
  createContext,
  useCallback,
  useContext,
  useId,
  useLayoutEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';

/** What a page wants done before anything else: the way on, the work of a step, a question that stops the work, a conflict. */
export type PrimaryRank = 'on' | 'work' | 'question' | 'conflict';

const ORDER: readonly PrimaryRank[] = ['on', 'work', 'question', 'conflict'];

interface Claims {
  readonly holder: string | undefined;
  readonly claim: (id: string, rank: PrimaryRank) => () => void;
}

const ClaimsContext = createContext<Claims | null>(null);

/** One page in which one button at most is the primary one: that of the highest rank, of equals the first. */
export function OnePrimary({ children }: { readonly children: ReactNode }) {
  const [claims, setClaims] = useState<readonly (readonly [id: string, rank: PrimaryRank])[]>([]);
  const holder = claims.toSorted(([, a], [, b]) => ORDER.indexOf(b) - ORDER.indexOf(a))[0]?.[0];
  const claim = useCallback((id: string, rank: PrimaryRank) => {
    setClaims((now) => [...now, [id, rank]]);
    return () => {
      setClaims((now) => now.filter(([other]) => other !== id));
    };
  }, []);
  const value = useMemo((): Claims => ({ holder, claim }), [holder, claim]);
  return <ClaimsContext value={value}>{children}</ClaimsContext>;
}

interface PrimaryButtonProps extends Omit<ButtonProps, 'variant' | 'ref'> {
  /** Left out it is a secondary one; the same button then keeps the focus when its rank comes and goes. */
  readonly rank?: PrimaryRank | undefined;
}

/** A button that is the primary one unless the page has something more urgent. */
export function PrimaryButton({ rank, ...button }: PrimaryButtonProps) {
  const id = useId();
  const claims = useContext(ClaimsContext);
  const claim = claims?.claim;
  useLayoutEffect(() => (rank === undefined ? undefined : claim?.(id, rank)), [claim, id, rank]);
  return <Button {...button} variant={claims?.holder === id ? 'primary' : 'secondary'} />;
}
