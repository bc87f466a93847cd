import { useEffect, useState } from 'react';
import { tell } from '../actions/toasts.ts';
import { closeOverlay } from '../actions/view.ts';
import { useApp, useSession } from '../app.ts';
import type { KeyContext } from '../keys/command-entry.ts';
import { useLate } from '../ui/use-late.ts';
import { parts } from './late/parts.ts';

/** What lies over the window, once it is wanted. */
export function LateOverlays({ context }: { readonly context: KeyContext }) {
  const isWanted = useSession((state) => state.overlay !== null);
  return isWanted ? <Wanted context={context} /> : null;
}

function Wanted({ context }: { readonly context: KeyContext }) {
  const app = useApp();
  const state = useLate(parts.overlays);
  const typed = useTypedAhead(state.kind === 'away');
  const isMissing = state.kind === 'missing';
  useEffect(() => {
    if (!isMissing) return;
    // While an overlay is open no key of the view counts.
    closeOverlay(app);
    const text = 'Could not open it: the console’s host does not hand out its script. Try it again later.';
    tell(app, { tone: 'failure', text, undo: null });
  }, [app, isMissing]);
  return state.kind === 'here' ? <state.module.Overlays context={context} typed={typed} /> : null;
}

const mostTypedAhead = 200;

/** What is typed before there is a field for it: it belongs into the field, and to no command of the view. */
function useTypedAhead(isWaiting: boolean): string {
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (!isWaiting) return undefined;
    const take = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const { key } = event;
      if (key === 'Backspace') setTyped((text) => text.slice(0, -1));
      else if (key.length === 1) setTyped((text) => (text + key).slice(0, mostTypedAhead));
    };
    addEventListener('keydown', take);
    return () => removeEventListener('keydown', take);
  }, [isWaiting]);
  return typed;
}
