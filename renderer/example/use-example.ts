import { useEffect, useState } from 'react';
import type { Replay } from '../clients/replay.ts';
import { isExample, openExample } from './open-example.ts';

/** The example that the address names, as soon as it is read; null before that and for any other run. */
export function useExample(run: string): Replay | 'missing' | null {
  const [example, setExample] = useState<Replay | null>(null);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    if (!isExample(run)) return undefined;
    let gone = false;
    openExample(run).then(
      (opened) => {
        if (!gone) setExample(opened);
      },
      () => {
        if (!gone) setMissing(true);
      },
    );
    return () => {
      gone = true;
    };
  }, [run]);
  if (missing && isExample(run)) return 'missing';
  return example?.run === run ? example : null;
}
