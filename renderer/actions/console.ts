import type { App } from '../app.ts';
import type { ConsoleStatus, Notice } from '#shared/model/console.ts';
import type { SourceDraft } from '#shared/model/settings.ts';
import { tell, tellFailure } from './toasts.ts';

/** What a person asks of the console itself: poll, connect what was found, put notices away. */

/** @param names the sources to ask; all of them where empty. */
export async function pollSources(app: App, names: readonly string[]): Promise<void> {
  app.reconnect();
  const { console, sources } = app.live.getState();
  if (console?.safeMode === true)
    return tell(app, { tone: 'plain', text: 'Safe mode: no source is asked.', undo: null });
  if (sources?.length === 0) {
    const text = 'No source is configured that could be asked: the settings add one.';
    return tell(app, { tone: 'plain', text, undo: null });
  }
  const answer = await app.core.call('source.poll', { names: [...names] });
  if (answer.ok)
    tell(app, {
      tone: 'plain',
      text: `Asked ${names.length === 0 ? 'all sources' : names.join(', ')}`,
      undo: null,
    });
  else tellFailure(app, 'ask the sources', answer.failure);
}

export function emptyDraft(): SourceDraft {
  return {
    name: '',
    kind: 'prometheus',
    url: '',
    authentication: { kind: 'none' },
    headers: [],
    tenant: '',
    tls: { caFile: '', certFile: '', keyFile: '', pinnedSha256: '', serverName: '' },
    proxy: 'system',
    pollSeconds: 15,
    timeoutSeconds: 10,
  };
}

/** Writes a server that was found on this machine into the configuration. */
export async function connectOffer(app: App, offer: ConsoleStatus['offers'][number]): Promise<void> {
  const draft: SourceDraft = { ...emptyDraft(), name: offer.kind, kind: offer.kind, url: offer.url };
  const answer = await app.core.call('settings.saveSource', { draft, replaces: null });
  if (answer.ok) tell(app, { tone: 'plain', text: `Connected ${offer.kind} at ${offer.url}`, undo: null });
  else tellFailure(app, `connect ${offer.url}`, answer.failure);
}

export async function dismissNotice(app: App, notice: Notice): Promise<void> {
  const answer = await app.core.call('notice.dismiss', { id: notice.id });
  if (!answer.ok) tellFailure(app, 'put the notice away', answer.failure);
}
