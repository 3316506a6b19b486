import { useEffect, useState } from 'react';

/** The wall clock in milliseconds, once a second while `live`; a run that has ended needs no ticking. */
export function useNow(live: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!live) return undefined;
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1000);
    return () => {
      clearInterval(timer);
    };
  }, [live]);
  return now;
}
