import { Button, type ButtonProps } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { text } from '../text.ts';
import { CopyIcon, TickIcon } from './icons.ts';

interface CopyButtonProps extends Pick<ButtonProps, 'variant' | 'isBlock' | 'id'> {
  readonly value: string;
  readonly label: string;
  /** Shows the sign only; the label is then read out. */
  readonly iconOnly?: boolean;
}

const CONFIRM_MS = 2500;

/** Copies a text and says whether that worked, in place and to screen readers. */
export function CopyButton({ value, label, iconOnly = false, ...button }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = setTimeout(() => {
      setOutcome(null);
    }, CONFIRM_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [outcome]);
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => {
        setOutcome('copied');
      },
      () => {
        setOutcome('refused');
      },
    );
  };
  const said = outcome === 'copied' ? text.copied : outcome === 'refused' ? text.copyFailed : null;
  const icon = outcome === 'copied' ? <TickIcon /> : <CopyIcon />;
  return (
    <>
      <Button {...button} icon={icon} onClick={copy} {...(iconOnly ? { 'aria-label': label } : {})}>
        {iconOnly ? undefined : (said ?? label)}
      </Button>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </>
  );
}
