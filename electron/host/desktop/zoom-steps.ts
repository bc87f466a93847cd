import { leastZoom, mostZoom } from './desktop-settings.ts';

/** The steps of zooming. Pure. */

export type ZoomStep = 'in' | 'out' | 'reset';

/** As browsers have them, within our bounds. */
const factors = [leastZoom, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, mostZoom] as const;

export function zoomed(factor: number, step: ZoomStep): number {
  if (step === 'reset') return 1;
  const next =
    step === 'in'
      ? factors.find((each) => each > factor + tolerance)
      : factors.findLast((each) => each < factor - tolerance);
  return next ?? (step === 'in' ? mostZoom : leastZoom);
}

const tolerance = 0.001;

/** What is used of Electron's `Input`. */
export interface KeyInput {
  readonly type: string;
  readonly key: string;
  readonly control: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
}

/** Ctrl (on a Mac Command) with plus, minus or zero, on any layout and with Shift where plus needs it. */
export function zoomStepOf(input: KeyInput, isMac: boolean): ZoomStep | undefined {
  const [main, other] = isMac ? [input.meta, input.control] : [input.control, input.meta];
  if (input.type !== 'keyDown' || !main || other || input.alt) return undefined;
  return stepOfKey.get(input.key);
}

const stepOfKey = new Map<string, ZoomStep>([
  ['+', 'in'],
  ['=', 'in'],
  ['-', 'out'],
  ['_', 'out'],
  ['0', 'reset'],
]);
