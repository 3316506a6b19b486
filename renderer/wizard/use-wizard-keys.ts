import { useEffect } from 'react';

interface WizardKeys {
  readonly previous: () => void;
  readonly next: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
}

/** Alt with the arrows up and down changes the step; Ctrl or Cmd with Z undoes, with Shift or by Ctrl+Y it does again. */
export function useWizardKeys(keys: WizardKeys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = actionOf(event, keys);
      if (action === undefined || event.defaultPrevented) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
    };
  }, [keys]);
}

function actionOf(event: KeyboardEvent, keys: WizardKeys): (() => void) | undefined {
  const { altKey, ctrlKey, metaKey, shiftKey, key } = event;
  if (altKey && !ctrlKey && !metaKey)
    return key === 'ArrowUp' ? keys.previous : key === 'ArrowDown' ? keys.next : undefined;
  if (!(ctrlKey || metaKey) || altKey || ownsUndo(event.target)) return undefined;
  if (key.toLowerCase() === 'z') return shiftKey ? keys.redo : keys.undo;
  return key.toLowerCase() === 'y' && !shiftKey ? keys.redo : undefined;
}

/** A field with something typed in it that is not written yet has an undo of its own; so has a box that is no field of the file. */
function ownsUndo(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return false;
  return target.dataset['path'] === undefined
    ? !['checkbox', 'radio', 'button'].includes(target.type)
    : target.dataset['draft'] === 'true';
}
