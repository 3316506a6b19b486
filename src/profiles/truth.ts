/** The answer to a rule; `unseen` when the BMC does not tell what would decide it. */
export type Truth = 'yes' | 'no' | 'unseen';

export function truthOf(value: boolean | undefined): Truth {
  if (value === undefined) return 'unseen';
  return value ? 'yes' : 'no';
}

/** Every one must be yes. */
export function allOf(truths: Iterable<Truth>): Truth {
  let unseen = false;
  for (const truth of truths) {
    if (truth === 'no') return 'no';
    if (truth === 'unseen') unseen = true;
  }
  return unseen ? 'unseen' : 'yes';
}

/** One of them must be yes. */
export function anyOf(truths: Iterable<Truth>): Truth {
  return opposite(allOf([...truths].map(opposite)));
}

export function opposite(truth: Truth): Truth {
  if (truth === 'unseen') return 'unseen';
  return truth === 'yes' ? 'no' : 'yes';
}
