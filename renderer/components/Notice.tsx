import { Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { text } from '../text.ts';
import { WarningIcon } from './icons.ts';

interface NoticeProps {
  readonly kind: 'info' | 'warning';
  readonly children: ReactNode;
  readonly onClose?: () => void;
}

/** A sentence over the whole width that must not be missed. */
export function Notice({ kind, children, onClose }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} role="status">
      {kind === 'warning' ? <WarningIcon /> : null}
      <p>{children}</p>
      {onClose === undefined ? null : (
        <Button variant="link" isInline onClick={onClose}>
          {text.close}
        </Button>
      )}
    </div>
  );
}
