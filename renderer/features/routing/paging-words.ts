import type { Paging, PagingDelivery } from '#shared/model/routing.ts';
import { plainText } from '#shared/text.ts';
import { dayMs, formatClock, formatDateTime } from '#shared/time.ts';
import { spanText } from './route-rows.ts';

/** *Will this page, whom, and when?* as sentences. Pure; all names are texts from servers. */

export interface PagingWords {
  /** The answer itself. */
  readonly main: string;
  /** What else there is to know of it. */
  readonly notes: readonly string[];
}

export function pagingWords(paging: Paging): PagingWords {
  const { deliveries, atMs } = paging;
  const by = (outcome: PagingDelivery['outcome']): readonly PagingDelivery[] =>
    deliveries.filter((delivery) => delivery.outcome === outcome);
  const sentences = [
    pagesText(by('pages'), paging),
    ...by('muted').map((delivery) => mutedText(delivery, atMs)),
    silencedText(by('silenced'), paging),
    inhibitedText(by('inhibited'), paging),
    quietText(by('tells-nobody')),
  ].filter((sentence) => sentence !== '');
  const [main = 'Reaches nobody: no route takes these labels.', ...others] = sentences;
  return {
    main: paging.wouldBeRefused ? `If it were accepted: ${lowered(main)}` : main,
    notes: [...others, ...alsoTexts(paging), ...notesOf(paging)],
  };
}

function notesOf({ deliveries, firingSinceMs, silencedBy, source, atMs }: Paging): readonly string[] {
  const isInServerZone = deliveries.some(({ mute }) => mute.isInServerZone);
  const turning = deliveries.filter(({ outcome, mute }) => outcome === 'pages' && mute.turnsAtMs !== null);
  return [
    ...(firingSinceMs === null
      ? []
      : [`An alert with exactly these labels has fired since ${momentText(firingSinceMs, atMs)}.`]),
    ...turning.map(
      ({ receiver, mute }) =>
        `${nameOf(receiver)} is muted by time from ${momentText(mute.turnsAtMs ?? 0, atMs)}.`,
    ),
    ...(isInServerZone ? ['Times are by the server’s own zone, taken to be the one here.'] : []),
    ...(silencedBy === null && source !== '' ? ['Whether a silence takes these labels is not known.'] : []),
  ];
}

function pagesText(deliveries: readonly PagingDelivery[], { atMs, firingSinceMs }: Paging): string {
  if (deliveries.length === 0) return '';
  const each = deliveries.map((delivery) => {
    const earliestAtMs = delivery.earliestAtMs ?? atMs;
    const whom = `${nameOf(delivery.receiver)}${howOf(delivery)}`;
    if (firingSinceMs === null || earliestAtMs > atMs) return `${whom} in ${spanText(earliestAtMs - atMs)}`;
    const again = spanText(delivery.repeatIntervalMs);
    return `${whom} since ${momentText(earliestAtMs, atMs)} at the soonest, again after ${again}`;
  });
  return `Pages ${listed(each)}.`;
}

function mutedText({ receiver, mute, earliestAtMs }: PagingDelivery, atMs: number): string {
  const first =
    earliestAtMs === null || earliestAtMs <= atMs
      ? 'is not told'
      : `is told at ${momentText(earliestAtMs, atMs)} at the soonest`;
  return `Muted${muteText(mute, atMs)}: ${nameOf(receiver)} ${first}.`;
}

function muteText(mute: PagingDelivery['mute'], atMs: number): string {
  const names = listed(mute.by.map(nameOf));
  const why = mute.cause === 'outside-active-intervals' ? ` outside of ${names}` : ` by ${names}`;
  const until =
    mute.turnsAtMs === null
      ? ', and no end of it within ten years'
      : ` until ${momentText(mute.turnsAtMs, atMs)}`;
  return why + until;
}

function silencedText(deliveries: readonly PagingDelivery[], paging: Paging): string {
  const silence = silenceText(paging);
  return deliveries.length === 0 || silence === '' ? '' : `Silenced${silence}: ${receiversOf(deliveries)}.`;
}

/** By whom, until when and why; empty where no silence is known that takes the labels. */
function silenceText({ silencedBy, atMs }: Paging): string {
  const [first, ...others] = silencedBy ?? [];
  if (first === undefined) return '';
  const by = first.createdBy === '' ? ' by a silence' : ` by ${plainText(first.createdBy, 60)}`;
  const until = first.endsAtMs === null ? '' : ` until ${momentText(first.endsAtMs, atMs)}`;
  const comment = first.comment === '' ? '' : `, “${plainText(first.comment, 120)}”`;
  const more = others.length === 0 ? '' : `, and by ${others.length} more`;
  return `${by}${until}${comment}${more}`;
}

/** What would keep it quiet if the first cause did not. */
function alsoTexts(paging: Paging): readonly string[] {
  const silence = silenceText(paging);
  const isSaid = paging.deliveries.some(({ outcome }) => outcome === 'silenced');
  const inhibited = paging.deliveries.filter(({ outcome, mute }) => outcome === 'inhibited' && mute.isMuted);
  return [
    ...(silence === '' || isSaid ? [] : [`Silenced as well${silence}.`]),
    ...inhibited.map(
      ({ receiver, mute }) => `${nameOf(receiver)} is muted as well${muteText(mute, paging.atMs)}.`,
    ),
  ];
}

function inhibitedText(deliveries: readonly PagingDelivery[], paging: Paging): string {
  if (deliveries.length === 0) return '';
  const names = [...new Set(paging.inhibitedBy.map(({ name }) => nameOf(name)))];
  const shown = names.slice(0, 5);
  const more = paging.inhibitedByCount - paging.inhibitedBy.length + (names.length - shown.length);
  const others = more > 0 ? ` and ${more} more` : '';
  return `Inhibited while ${listed(shown)}${others} fires: ${receiversOf(deliveries)}.`;
}

function quietText(deliveries: readonly PagingDelivery[]): string {
  if (deliveries.length === 0) return '';
  return `Tells nobody: ${receiversOf(deliveries)} has nothing to tell by.`;
}

function receiversOf(deliveries: readonly PagingDelivery[]): string {
  return listed([...new Set(deliveries.map(({ receiver }) => nameOf(receiver)))]);
}

function nameOf(name: string): string {
  return plainText(name, 60) || 'no name';
}

/** By what a receiver tells people, each once. */
function howOf({ integrations }: PagingDelivery): string {
  const kinds = [...new Set(integrations)];
  return kinds.length === 0 ? '' : ` by ${listed(kinds)}`;
}

function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** The time of day, with its date where that is not soon; whole minutes without seconds. */
export function momentText(momentMs: number, atMs: number): string {
  const text = Math.abs(momentMs - atMs) < dayMs / 2 ? formatClock(momentMs) : formatDateTime(momentMs);
  return text.replace(/:00$/, '');
}
