import type { App } from '../../app.ts';
import { isPlace, type InboxItem } from './inbox-items.ts';
import { currentInbox, putInboxCursor, type InboxCursor, type InboxModel } from './inbox-model.ts';

/** Opening and closing what the inbox lists: the alerts beneath an incident, and the incidents under a head. */

type Session = Pick<App, 'session'>;
type Window = Parameters<typeof currentInbox>[0];

/** Unfolds a head with the cursor on what it had folded away, or lists the alerts of an incident. */
export function unfold(app: Window, item: InboxItem): void {
  const { session } = app;
  const { inboxFolded, inboxExpanded } = session.getState();
  if (item.kind === 'row') {
    session.setState({ inboxExpanded: new Set([...inboxExpanded, item.row.id]) });
  } else if (item.kind === 'section' || item.kind === 'group') {
    session.setState({ inboxFolded: without(inboxFolded, item.key), inboxHead: null });
    const { items } = currentInbox(app);
    const first = items.slice(items.findIndex(({ key }) => key === item.key) + 1).find(isPlace);
    if (first !== undefined) putInboxCursor(app, first);
  }
}

/** Puts an incident's alerts away, else folds the head above it: the group's first, then the section's. */
export function fold({ session }: Session, { items }: InboxModel, { item, index }: InboxCursor): void {
  const { inboxFolded, inboxExpanded } = session.getState();
  if (item?.kind === 'row' && inboxExpanded.has(item.row.id)) {
    return session.setState({ inboxExpanded: without(inboxExpanded, item.row.id) });
  }
  const kinds: readonly InboxItem['kind'][] = item?.kind === 'row' ? ['group', 'section'] : ['section'];
  const head = items.slice(0, index).findLast(({ kind }) => kinds.includes(kind));
  if (head === undefined || item?.kind === 'section') return;
  session.setState({ inboxFolded: new Set([...inboxFolded, head.key]), inboxHead: head.key });
}

/** Folds every head, or unfolds all if any is folded. */
export function foldAll({ session }: Session, { items }: InboxModel): void {
  if (session.getState().inboxFolded.size > 0) {
    return session.setState({ inboxFolded: new Set(), inboxHead: null });
  }
  const heads = items.filter(({ kind }) => kind === 'section');
  session.setState({
    inboxFolded: new Set(heads.map(({ key }) => key)),
    inboxHead: heads[0]?.key ?? null,
  });
}

function without<Value>(set: ReadonlySet<Value>, value: Value): ReadonlySet<Value> {
  return new Set([...set].filter((one) => one !== value));
}
