import type { Attention } from '#shared/model/attention.ts';
import type { Sight } from '#shared/model/console.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';
import { plainText } from '#shared/text.ts';
import type { CoreState } from '../supervisor.ts';

/**
 * What the tray, the badge and the taskbar show, as data. Pure. `well` is said in one case only: the core
 * runs, all that watches is seen, nothing fires and notifications are on.
 */

/** The shapes of the window's own glyphs, so that each is told apart without its colour. */
export type TrayShape =
  | 'well'
  | 'critical'
  | 'warning'
  | 'info'
  | 'blind'
  | 'paused'
  | 'starting'
  | 'stopped';

/** In the corner of a shape of something that fires: it may be out of date, or nobody is notified of it. */
export type TrayMark = 'none' | 'unseen' | 'paused';

export interface TrayLook {
  readonly shape: TrayShape;
  readonly mark: TrayMark;
  /** Beside the picture where there is room, as in the menu bar of macOS; empty for nothing. */
  readonly count: string;
  /** The whole state in one line of plain text, at most 120 characters. */
  readonly line: string;
  /** For the badge of the app: what fires, as far as it is known. */
  readonly firing: number;
}

const lineLength = 120;
const shownCount = 99;

/**
 * @param attention what the core said last, also a core that has ended since; null where none has.
 * @param state how the core is now.
 */
export function trayLookOf(
  attention: Attention | null,
  state: Pick<CoreState, 'state'>,
  nowMs: number,
): TrayLook {
  if (state.state !== 'running') return lookWithoutCore(attention, state.state);
  if (attention === null) return quiet('starting', 'The core starts. Nothing is known yet.');
  const { sight, firing, worst } = attention;
  const pausedUntilMs = pauseOf(attention, nowMs);
  const unseen = sight.kind === 'live' ? '' : sentenceOf(sight);
  const paused = pausedUntilMs === null ? '' : `Notifications are paused until ${clock(pausedUntilMs)}.`;
  if (firing > 0 && worst !== null) {
    return {
      shape: worst.level,
      mark: unseen !== '' ? 'unseen' : paused !== '' ? 'paused' : 'none',
      count: countOf(firing),
      line: lineOf(firingSentence(firing, worst.level, unseen !== ''), unseen, paused),
      firing,
    };
  }
  if (sight.kind === 'starting') return quiet('starting', lineOf(unseen, paused));
  if (unseen !== '') return quiet('blind', lineOf(unseen, paused));
  if (paused !== '') return quiet('paused', lineOf('Nothing fires.', paused));
  return quiet('well', 'Watched, and nothing fires.');
}

/** Until when notifications are paused; null where they are not, or not any more. */
export function pauseOf(attention: Attention | null, nowMs: number): number | null {
  const untilMs = attention?.pausedUntilMs ?? null;
  return untilMs !== null && untilMs > nowMs ? untilMs : null;
}

/** Nothing is watched now; what fired is told, and told to be old. */
function lookWithoutCore(attention: Attention | null, state: CoreState['state']): TrayLook {
  const firing = attention?.firing ?? 0;
  const remembered = firing > 0 ? `${firing} fired when it was last heard.` : '';
  if (state === 'stopped') {
    return { ...quiet('stopped', lineOf('Nothing is watched: the core does not run.', remembered)), firing };
  }
  const words = state === 'starting' ? 'The core starts.' : 'The core is started again.';
  return { ...quiet('starting', lineOf(words, 'Nothing is watched yet.', remembered)), firing };
}

function quiet(shape: TrayShape, line: string): TrayLook {
  return { shape, mark: 'none', count: '', line, firing: 0 };
}

function countOf(firing: number): string {
  return firing > shownCount ? `${shownCount}+` : String(firing);
}

function firingSentence(firing: number, level: SeverityLevel, isOld: boolean): string {
  const worst = firing === 1 ? level : `the worst ${level}`;
  return isOld ? `${firing} fired when last seen, ${worst}.` : `${firing} firing, ${worst}.`;
}

function sentenceOf(sight: Sight): string {
  const words = wordsOfSight[sight.kind];
  return sight.cause === '' ? `${words}.` : `${words}: ${sight.cause.replace(/\.$/, '')}.`;
}

const wordsOfSight = {
  starting: 'No source has answered yet',
  live: 'Watched',
  partial: 'Not all is seen',
  blind: 'Blind',
  'rules-only': 'Only local rules watch',
  unwatched: 'Nothing watches',
} as const satisfies Record<Sight['kind'], string>;

function lineOf(...sentences: readonly string[]): string {
  const line = sentences.filter((sentence) => sentence !== '').join(' ');
  return plainText(line, lineLength);
}

/** Hours and minutes of this machine's clock; the day is left out, as no pause is longer. */
function clock(atMs: number): string {
  const at = new Date(atMs);
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}
