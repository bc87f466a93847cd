import type { App } from '../app.ts';
import { tell } from './toasts.ts';
import type { Overlay, SettingsSection, View } from '../stores/session.ts';

/** Moving about the window. */

type Session = Pick<App, 'session'>;

const maxTrail = 20;

export function show({ session }: Session, view: View): void {
  session.setState({ view, sourceEdit: null, overlay: null, trail: [] });
}

/** As `show`, from something on the screen: Escape leads back to it. */
export function follow({ session }: Session, view: View): void {
  const { view: from, trail } = session.getState();
  session.setState({ view, sourceEdit: null, overlay: null, trail: [...trail, from].slice(-maxTrail) });
}

export function openIncident(app: Session, id: number): void {
  show(app, { kind: 'incident', id });
  app.session.setState({ inboxCursor: id, timeChoice: { kind: 'incident', id }, timeCursorMs: null });
}

export function openSettings(app: Session, section: SettingsSection): void {
  show(app, { kind: 'settings', section });
}

/** Where Escape leads from here: out of a form or a detail first, then to the inbox. */
export function goBack({ session }: Session): void {
  const { view, sourceEdit, sourceDetail, trail, marked } = session.getState();
  if (sourceEdit !== null) return leaveForm({ session });
  if (view.kind === 'sources' && sourceDetail !== null) return session.setState({ sourceDetail: null });
  const from = trail.at(-1);
  if (from !== undefined) return session.setState({ view: from, trail: trail.slice(0, -1), overlay: null });
  if (view.kind === 'inbox' && marked.size > 0) return session.setState({ marked: new Set() });
  if (view.kind === 'inbox') return session.setState({ filter: '' });
  show({ session }, { kind: 'inbox' });
}

/** Told when the form of a source is left with something typed into it. */
export const typedIsKept =
  'Not saved. What you typed is kept in this window and is there when you open the form again.';

function leaveForm(app: Session): void {
  const { sourceEdit, sourceTyped } = app.session.getState();
  app.session.setState({ sourceEdit: null });
  if (sourceTyped === null || sourceTyped.replaces !== sourceEdit?.replaces) return;
  tell(app, { tone: 'plain', text: typedIsKept, undo: null });
}

export function openOverlay({ session }: Session, overlay: Overlay): void {
  session.setState({ overlay });
}

export function closeOverlay({ session }: Session): void {
  session.setState({ overlay: null });
}

/** The view as the end of the address, so that a reload shows the same. */
export function addressOf(view: View): string {
  switch (view.kind) {
    case 'incident':
      return `#/incident/${view.id}`;
    case 'settings':
      return `#/settings/${view.section}`;
    case 'silences':
      return '#/silences';
    case 'trace':
      return view.source === null ? '#/traces' : `#/trace/${view.traceId}`;
    default:
      return `#/${view.kind}`;
  }
}

const plainViews = ['overview', 'logs', 'traces', 'rules', 'routing', 'sources'] as const;

const sections = new Map<string, SettingsSection>([
  ['sources', 'sources'],
  ['appearance', 'appearance'],
  ['keys', 'keys'],
  ['desktop', 'desktop'],
  ['configuration', 'configuration'],
]);

/** @param hash the end of the address; what is no view of ours shows the inbox. */
export function viewOf(hash: string): View {
  const [, kind = '', rest = ''] = /^#\/([a-z]+)(?:\/([a-z0-9]{1,32}))?$/.exec(hash) ?? [];
  if (kind === 'incident' && /^[1-9]\d{0,14}$/.test(rest)) return { kind: 'incident', id: Number(rest) };
  if (kind === 'trace' && /^[0-9a-f]+$/.test(rest)) return { kind: 'trace', traceId: rest, source: '' };
  const plain = plainViews.find((one) => one === kind);
  if (plain !== undefined) return { kind: plain };
  if (kind === 'silences') return { kind, isOpen: false };
  if (kind === 'settings') return { kind: 'settings', section: sections.get(rest) ?? 'sources' };
  return { kind: 'inbox' };
}
