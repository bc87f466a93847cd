import { incidentName } from '#shared/model/incident.ts';
import { plainText } from '#shared/text.ts';
import { closeOverlay } from '../actions/view.ts';
import { useApp, useSession } from '../app.ts';
import { Palette } from '../features/palette/palette.tsx';
import type { KeyContext } from '../keys/command-entry.ts';
import { commandsIn } from '../keys/keymap.ts';
import { KeyList } from '../parts/key-list.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { paletteEntries } from './palette-entries.tsx';
import { subjectOf } from './subjects.ts';
import { VerdictDialog } from './verdict-dialogs.tsx';

interface OverlaysProps {
  readonly context: KeyContext;
  /** Typed before this script was here: the text that the overlay's field begins with. */
  readonly typed: string;
}

/** What lies over the window. The settings and the silences bring their own. */
export function Overlays({ context, typed }: OverlaysProps) {
  const app = useApp();
  const overlay = useSession((state) => state.overlay);
  const close = (): void => closeOverlay(app);
  switch (overlay) {
    case 'palette':
      return <CommandPalette context={context} typed={typed} onClose={close} />;
    case 'help':
      return (
        <Dialog title="Keys of this view" onClose={close}>
          <KeyList commands={commandsIn(context)} />
        </Dialog>
      );
    case 'note':
    case 'snooze':
    case 'assign':
    case 'merge':
    case 'split':
    case 'unmerge':
      return <VerdictDialog key={overlay} overlay={overlay} typed={typed} onClose={close} />;
    default:
      return null;
  }
}

function CommandPalette({ context, typed, onClose }: OverlaysProps & { readonly onClose: () => void }) {
  const app = useApp();
  const subject = subjectOf(app);
  const scope = subject === undefined ? '' : `${incidentName(subject.id)} ${plainText(subject.title, 40)}`;
  return <Palette entries={paletteEntries(app, context)} scope={scope} typed={typed} onClose={onClose} />;
}
