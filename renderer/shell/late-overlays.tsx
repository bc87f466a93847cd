import { useEffect, useState, type ReactNode } from 'react';
import { tell } from '../actions/toasts.ts';
import { closeOverlay } from '../actions/view.ts';
import { useApp, useSession } from '../app.ts';
import type { KeyContext } from '../keys/command-entry.ts';
import { silenceOverlays, type Overlay, type SilenceOverlay } from '../stores/session.ts';
import type { Late } from '../ui/late.ts';
import { useLate } from '../ui/use-late.ts';
import { parts } from './late/parts.ts';

/** What lies over the window, once it is wanted. */
export function LateOverlays({ context }: { readonly context: KeyContext }) {
  const overlay = useSession((state) => state.overlay);
  if (overlay === null) return null;
  return isOfSilences(overlay) ? (
    <Wanted part={parts.silences}>{({ SilenceDialogs }) => <SilenceDialogs />}</Wanted>
  ) : (
    <Wanted part={parts.overlays}>
      {({ Overlays }, typed) => <Overlays context={context} typed={typed} />}
    </Wanted>
  );
}

function isOfSilences(overlay: Overlay): overlay is SilenceOverlay {
  return silenceOverlays.some((one) => one === overlay);
}

interface WantedProps<Module> {
  readonly part: Late<Module>;
  /** @param typed what was typed before it was here. */
  readonly children: (module: Module, typed: string) => ReactNode;
}

function Wanted<Module>({ part, children }: WantedProps<Module>) {
  const app = useApp();
  const state = useLate(part);
  const typed = useTypedAhead(state.kind === 'away');
  const isMissing = state.kind === 'missing';
  useEffect(() => {
    if (!isMissing) return;
    // While an overlay is open no key of the view counts.
    closeOverlay(app);
    const text = 'Could not open it: the console’s host does not hand out its script. Try it again later.';
    tell(app, { tone: 'failure', text, undo: null });
  }, [app, isMissing]);
  return state.kind === 'here' ? children(state.module, typed) : null;
}

const mostTypedAhead = 200;

/** What is typed before there is a field for it: it belongs into the field, and to no command of the view. */
function useTypedAhead(isWaiting: boolean): string {
  const [typed, setTyped] = useState('');
  useEffect(() => {
    if (!isWaiting) return undefined;
    const take = (event: KeyboardEvent): void => {
      // The key that opened the overlay is on its way through the page still.
      if (event.defaultPrevented) return;
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
