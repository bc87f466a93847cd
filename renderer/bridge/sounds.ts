import type { NotificationSound } from '#shared/notify/model.ts';

/**
 * What a notification sounds like in a browser: tones that the window makes itself, since the policy of its
 * page lets no file be played. A browser plays nothing before somebody has touched the page.
 */

interface Tone {
  readonly fromS: number;
  readonly lengthS: number;
  readonly frequencyHz: number;
}

const chime: readonly Tone[] = [
  { fromS: 0, lengthS: 0.18, frequencyHz: 784 },
  { fromS: 0.16, lengthS: 0.3, frequencyHz: 1_047 },
];
const alarm: readonly Tone[] = [0, 0.25, 0.5].map((fromS) => ({ fromS, lengthS: 0.18, frequencyHz: 932 }));
const siren: readonly Tone[] = [0, 0.3, 0.6, 0.9, 1.2, 1.5].map((fromS, index) => ({
  fromS,
  lengthS: 0.28,
  frequencyHz: index % 2 === 0 ? 880 : 1_175,
}));
const tonesOf = { none: [], chime, alarm, siren } as const satisfies Record<
  NotificationSound,
  readonly Tone[]
>;

/** Of the loudest that can be: louder startles, and is turned off for good. */
const peak = 0.25;
const fadeS = 0.02;

/** @returns whether it is heard, now or within a moment. */
export type PlaySound = (sound: NotificationSound) => boolean;

/** @param isAllowed whether somebody has touched the page: before that there is no use in trying. */
export function createSounds(isAllowed: () => boolean, createContext = () => new AudioContext()): PlaySound {
  let context: AudioContext | null = null;
  return (sound) => {
    const tones = tonesOf[sound];
    if (tones.length === 0 || !isAllowed()) return false;
    try {
      context ??= createContext();
      if (context.state === 'suspended') void context.resume();
      for (const tone of tones) play(context, tone);
      return true;
    } catch {
      // A machine without any way to be heard: the notification is shown all the same.
      return false;
    }
  };
}

function play(context: AudioContext, { fromS, lengthS, frequencyHz }: Tone): void {
  const startS = context.currentTime + fromS;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, startS);
  gain.gain.linearRampToValueAtTime(peak, startS + fadeS);
  gain.gain.setValueAtTime(peak, startS + lengthS - fadeS);
  gain.gain.linearRampToValueAtTime(0, startS + lengthS);
  gain.connect(context.destination);
  const oscillator = context.createOscillator();
  oscillator.type = 'triangle';
  oscillator.frequency.value = frequencyHz;
  oscillator.connect(gain);
  oscillator.start(startS);
  oscillator.stop(startS + lengthS);
}
