import { lifecycle } from './lifecycle.ts';
import { settings, type DisplaySettings } from './settings.ts';
import { modelled, preventable, StandInEmitter } from './unmodelled.ts';

/** `screen`: the displays that the test says there are. */

let displays: readonly DisplaySettings[] = settings.displays;

class StandInScreen
  extends StandInEmitter
  implements
    Pick<
      Electron.Screen,
      | 'getAllDisplays'
      | 'getPrimaryDisplay'
      | 'getDisplayMatching'
      | 'getDisplayNearestPoint'
      | 'getCursorScreenPoint'
    >
{
  constructor() {
    super('screen', ['display-added', 'display-removed', 'display-metrics-changed']);
  }

  getAllDisplays(): Electron.Display[] {
    return displays.map(displayOf);
  }

  getPrimaryDisplay(): Electron.Display {
    return displayOf(first());
  }

  /** The display that shares most of the area with it; the primary one where none does. */
  getDisplayMatching(rect: Electron.Rectangle): Electron.Display {
    const shared = ({ bounds }: DisplaySettings): number =>
      overlap(bounds.x, bounds.width, rect.x, rect.width) *
      overlap(bounds.y, bounds.height, rect.y, rect.height);
    return displayOf(displays.reduce((best, one) => (shared(one) > shared(best) ? one : best), first()));
  }

  getDisplayNearestPoint({ x, y }: Electron.Point): Electron.Display {
    const away = ({ bounds }: DisplaySettings): number =>
      Math.hypot(gap(x, bounds.x, bounds.width), gap(y, bounds.y, bounds.height));
    return displayOf(displays.reduce((best, one) => (away(one) < away(best) ? one : best), first()));
  }

  getCursorScreenPoint(): Electron.Point {
    const { x, y, width, height } = first().bounds;
    return { x: x + Math.round(width / 2), y: y + Math.round(height / 2) };
  }
}

function first(): DisplaySettings {
  const [display] = displays;
  if (display === undefined) throw new Error('a machine without a display has no primary one');
  return display;
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.max(0, Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart));
}

function gap(point: number, start: number, length: number): number {
  return Math.max(start - point, 0, point - (start + length));
}

function displayOf({ id, bounds, workArea, scaleFactor }: DisplaySettings): Electron.Display {
  const { width, height } = bounds;
  const display = {
    id,
    label: `Display ${id}`,
    bounds,
    workArea,
    scaleFactor,
    size: { width, height },
    workAreaSize: { width: workArea.width, height: workArea.height },
    rotation: 0,
    internal: false,
  } satisfies Partial<Electron.Display>;
  return modelled('Display', display) as unknown as Electron.Display;
}

const standIn = new StandInScreen();
const wrapped = modelled('screen', standIn);

/** Reading anything of it before ready throws. */
export const screen: typeof wrapped = new Proxy(wrapped, {
  get(target, key) {
    lifecycle.requireReady("The 'screen' module can't be used before the app 'ready' event");
    return Reflect.get(target, key) as unknown;
  },
});

export const screenControls = {
  /** Displays are plugged in, unplugged or changed. */
  setDisplays: (next: readonly DisplaySettings[]) => {
    const before = displays;
    displays = next;
    for (const one of before)
      if (!next.some(({ id }) => id === one.id))
        standIn.emit('display-removed', preventable({}), displayOf(one));
    for (const one of next) {
      const known = before.find(({ id }) => id === one.id);
      if (known === undefined) standIn.emit('display-added', preventable({}), displayOf(one));
      else if (JSON.stringify(known) !== JSON.stringify(one))
        standIn.emit('display-metrics-changed', preventable({}), displayOf(one), ['bounds', 'workArea']);
    }
  },
};
