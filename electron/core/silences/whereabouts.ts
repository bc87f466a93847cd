import type { OutboxEntry } from '#shared/model/silence.ts';
import { draftOf, endPassed } from './delivery.ts';
import { shownAs, targeted, type Entry } from './outbox-entry.ts';
import { settled, waitingFor } from './outbox-states.ts';
import { isSamePlace, type ServerPlace } from './server-place.ts';

/**
 * Where an entry goes now: to the servers that it was asked for, under whatever names they have by now, and to no
 * other one that has taken such a name. Pure; the outbox acts on it.
 */
export interface Places {
  /** The Alertmanagers that are configured. */
  readonly all: readonly ServerPlace[];
  /** The sources of a cluster that is named by any of them. */
  readonly sourcesOf: (cluster: string) => readonly string[];
}

export type Whereabouts =
  | { readonly kind: 'here'; readonly entry: Entry }
  /** A person has to say where it goes. */
  | { readonly kind: 'displaced'; readonly sentence: string }
  /** None of its servers is configured, and no other one has its name: they may come back. */
  | { readonly kind: 'gone'; readonly reason: string };

export function locate(entry: Entry, places: Places): Whereabouts {
  const { all } = places;
  const { sent } = entry;
  const meant = entry.meant.length > 0 ? entry.meant : placesOf(entry.shown.cluster, places);
  const isAsked = (identity: string): boolean => all.some((place) => place.identity === identity);
  if (sent !== null && sent.identity !== '' && !isAsked(sent.identity)) {
    const lost = meant.find(({ identity }) => identity === sent.identity);
    const sentence = `It may have reached ${nameOf(lost ?? { ...sent, url: '' })}, which is not asked any more.`;
    return { kind: 'displaced', sentence };
  }
  const found = meant.flatMap((place) => {
    const now =
      all.find((one) => isSamePlace(one, place)) ?? all.find((one) => one.identity === place.identity);
    return now === undefined ? [] : [{ before: place, now }];
  });
  const [first] = found;
  if (first === undefined) return lostFrom(entry, meant, places);
  const isAsItWas =
    found.length === meant.length && found.every(({ before, now }) => isSamePlace(before, now));
  if (isAsItWas) return { kind: 'here', entry: entry.meant.length > 0 ? entry : { ...entry, meant } };
  const nameNow = new Map(found.map(({ before, now }) => [before.source, now.source]));
  return { kind: 'here', entry: follow(entry, meant, nameNow, places) };
}

/** As it is while it cannot go where it was meant to. What may have arrived is remembered: its server may come back. */
export function strayed(entry: Entry, where: Exclude<Whereabouts, { kind: 'here' }>, nowMs: number): Entry {
  if (where.kind === 'displaced')
    return shownAs(entry, { state: 'conflict', conflict: where.sentence, isDisplaced: true });
  const { cluster } = entry.shown;
  const draft = draftOf(entry);
  if (entry.sent === null && draft !== null && draft.endsAtMs <= nowMs)
    return settled(targeted(entry, cluster, 'failed', endPassed, nowMs), 'failed', nowMs);
  return shownAs(targeted(entry, cluster, 'waiting', where.reason, null), { state: 'waiting' });
}

/** Its servers are asked again, or a person decided: it goes on. */
export function goingOn(entry: Entry): Entry {
  return shownAs(entry, { state: 'waiting', conflict: '', isDisplaced: false });
}

/** A person sends it to whatever server has its name now, whatever became of it where it was. */
export function redirected(entry: Entry, places: Places): Entry {
  const asked = goingOn({ ...entry, sent: null, isTakenBack: false });
  if (locate(asked, places).kind === 'here') return asked;
  const meant = placesOf(entry.shown.cluster, places);
  if (meant.length === 0) return asked;
  const targets = meant.map(({ source }) => waitingFor(source));
  return shownAs({ ...asked, meant, isRedirected: true }, { targets });
}

/** A person gives it up. */
export function givenUp(entry: Entry, nowMs: number): Entry {
  const { sent } = entry;
  const told = sent === null ? entry : targeted(entry, sent.source, 'sent', mayBeThere, sent.atMs);
  return settled(told, 'withdrawn', nowMs);
}

const mayBeThere = 'It may have arrived: nobody could be asked any more.';

export function placesOf(cluster: string, { all, sourcesOf }: Places): ServerPlace[] {
  return sourcesOf(cluster).flatMap((source) => all.filter((place) => place.source === source));
}

/** The entry under the names that its servers have now; those that are asked no more stay meant, and are no target. */
function follow(
  entry: Entry,
  meant: readonly ServerPlace[],
  nameNow: ReadonlyMap<string, string>,
  { all, sourcesOf }: Places,
): Entry {
  const { shown, sent } = entry;
  const [heir = ''] = nameNow.values();
  const cluster = nameNow.get(shown.cluster) ?? sourcesOf(heir)[0] ?? heir;
  const before = new Map(
    shown.targets.map((target) => [nameNow.get(target.source) ?? target.source, target]),
  );
  const targets: OutboxEntry['targets'] = sourcesOf(cluster).map((source) => ({
    ...(before.get(source) ?? waitingFor(source)),
    source,
  }));
  const followed = meant.map((place) => ({ ...place, source: nameNow.get(place.source) ?? place.source }));
  const sentNow = all.find(({ identity }) => identity === sent?.identity);
  return shownAs(
    {
      ...entry,
      meant: followed,
      sent: sent === null ? null : { ...sent, source: sentNow?.source ?? sent.source },
    },
    { cluster, targets },
  );
}

function lostFrom(entry: Entry, meant: readonly ServerPlace[], { all, sourcesOf }: Places): Whereabouts {
  const { cluster } = entry.shown;
  const before = meant.find(({ source }) => source === cluster) ?? meant[0];
  const what = before === undefined ? cluster : nameOf(before);
  const taken = all.find(({ source }) => source === cluster || meant.some((one) => one.source === source));
  if (taken === undefined || sourcesOf(taken.source).length === 0) {
    const reason = `${what}: it is not configured any more. Configure it again, or take this back.`;
    return { kind: 'gone', reason };
  }
  const isMoved = before !== undefined && before.url !== taken.url;
  const now = isMoved ? `is ${taken.url} now` : 'is asked as another tenant or account now';
  return { kind: 'displaced', sentence: `It was asked for at ${what}, and ${taken.source} ${now}.` };
}

function nameOf({ source, url }: Pick<ServerPlace, 'source' | 'url'>): string {
  return url === '' ? source : `${source} (${url})`;
}
