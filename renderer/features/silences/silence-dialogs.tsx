import { useSession } from '../../app.ts';
import { ExpireDialog, ExtendDialog } from './confirm-dialogs.tsx';
import { SilenceFormDialog } from './silence-form.tsx';

/** What lies over the window about silences, wherever it was opened. */
export function SilenceDialogs() {
  const overlay = useSession((state) => state.overlay);
  switch (overlay) {
    case 'silence':
      return <SilenceFormDialog />;
    case 'expire-silences':
      return <ExpireDialog />;
    case 'extend-silences':
      return <ExtendDialog />;
    default:
      return null;
  }
}
