/** The silences, and the dialogs about them, as one script. */
export { SilenceDialogs } from '../../features/silences/silence-dialogs.tsx';
export { silencesActions, silencesCursor } from '../../features/silences/silences-commands.ts';
export { SilencesView } from '../../features/silences/silences-view.tsx';
