/** One thing that can be done now: carried out from the list of actions, by its key, or where it stands on the page. */
export interface Action {
  readonly id: string;
  readonly title: string;
  /** The key that does the same, as shown. */
  readonly keys?: string;
  /** True for what is on the page now, false for what is possible everywhere. */
  readonly onPage: boolean;
  readonly run: () => void;
}

/** More than anybody reads; a page of many hosts has a button for each. */
const MOST = 400;

/**
 * Everything that can be pressed on the page under `root`, in the order of the page and each name once. Taken from the
 * page itself, so that no action can be missing from the list.
 */
export function actionsOnPage(root: ParentNode): Action[] {
  const found = new Map<string, Action>();
  for (const element of root.querySelectorAll<HTMLElement>('button, a[href], [role="menuitem"]')) {
    const title = nameOf(element);
    if (title === '' || found.has(title) || found.size >= MOST || !canBePressed(element)) continue;
    const keys = element.getAttribute('aria-keyshortcuts');
    found.set(title, {
      id: `page ${title}`,
      title,
      onPage: true,
      ...(keys === null ? {} : { keys }),
      run: () => {
        element.focus();
        element.click();
      },
    });
  }
  return [...found.values()];
}

/** The actions that have all words of the query, in any order; those that begin with it come first. */
export function findActions(actions: readonly Action[], query: string): Action[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = actions.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)));
  const first = words[0] ?? '';
  const rank = ({ title }: Action): number => (title.toLowerCase().startsWith(first) ? 0 : 1);
  return matching.sort((left, right) => rank(left) - rank(right));
}

function canBePressed(element: HTMLElement): boolean {
  if (element.matches(':disabled, [aria-disabled="true"], .skip-link')) return false;
  if (element.closest('[hidden], [inert], [role="dialog"]') !== null) return false;
  return element.checkVisibility();
}

/** `data-action` says what a press does where the text is only a name. */
function nameOf(element: HTMLElement): string {
  const labelled = element.dataset['action'] ?? element.getAttribute('aria-label');
  return (labelled ?? partsOf(element)).replace(/\s+/g, ' ').trim();
}

/** The text of an element, with a space where parts of it stand apart. */
function partsOf(element: HTMLElement): string {
  const parts: string[] = [];
  const walk = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.textContent ?? '');
    if (!(node instanceof Element) || node.getAttribute('aria-hidden') === 'true') return;
    for (const child of node.childNodes) walk(child);
  };
  walk(element);
  return parts.map((part) => part.trim()).join(' ');
}
