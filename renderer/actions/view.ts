import type { App } from '../app.ts';
import type { Overlay, SettingsSection, View } from '../stores/session.ts';

/** Moving about the window. */

type Session = Pick<App, 'session'>;

export function show({ session }: Session, view: View): void {
  session.setState({ view, chartPlace: { kind: 'incident' }, sourceEdit: null, overlay: null });
}

export function openIncident(app: Session, id: number): void {
  show(app, { kind: 'incident', id });
  app.session.setState({ inboxCursor: id });
}

export function openSettings(app: Session, section: SettingsSection): void {
  show(app, { kind: 'settings', section });
}

/** Where Escape leads from here: out of a form or a detail first, then to the inbox. */
export function goBack({ session }: Session): void {
  const { view, sourceEdit, sourceDetail } = session.getState();
  if (sourceEdit !== null) return session.setState({ sourceEdit: null });
  if (view.kind === 'sources' && sourceDetail !== null) return session.setState({ sourceDetail: null });
  if (view.kind === 'inbox') return session.setState({ filter: '' });
  show({ session }, { kind: 'inbox' });
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
    case 'inbox':
    case 'sources':
      return `#/${view.kind}`;
  }
}

const sections = new Map<string, SettingsSection>([
  ['sources', 'sources'],
  ['appearance', 'appearance'],
  ['keys', 'keys'],
  ['configuration', 'configuration'],
]);

/** @param hash the end of the address; what is no view of ours shows the inbox. */
export function viewOf(hash: string): View {
  const [, kind = '', rest = ''] = /^#\/([a-z]+)(?:\/([a-z]+|\d{1,15}))?$/.exec(hash) ?? [];
  if (kind === 'incident' && /^[1-9]\d*$/.test(rest)) return { kind: 'incident', id: Number(rest) };
  if (kind === 'sources') return { kind: 'sources' };
  if (kind === 'settings') return { kind: 'settings', section: sections.get(rest) ?? 'sources' };
  return { kind: 'inbox' };
}
