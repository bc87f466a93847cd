import { imageReport, type ImageReport } from './images.ts';
import { lifecycle } from './lifecycle.ts';
import { clickItem, isMenu, menuReport, type MenuReport } from './menu.ts';
import { settings } from './settings.ts';
import { modelled, preventable, StandInEmitter } from './unmodelled.ts';

/** `Tray`: what it shows and what its menu does. */

const events = ['click', 'right-click', 'double-click', 'middle-click', 'mouse-enter', 'mouse-leave'];

export interface TrayReport {
  readonly image: ImageReport;
  readonly toolTip: string;
  readonly title: string;
  readonly menu: readonly MenuReport[];
}

const trays: StandInTray[] = [];

class StandInTray
  extends StandInEmitter
  implements
    Pick<
      Electron.Tray,
      | 'setImage'
      | 'setPressedImage'
      | 'setToolTip'
      | 'setTitle'
      | 'getTitle'
      | 'setContextMenu'
      | 'setIgnoreDoubleClickEvents'
      | 'getBounds'
      | 'popUpContextMenu'
      | 'closeContextMenu'
      | 'destroy'
      | 'isDestroyed'
      | 'focus'
    >
{
  #image: ImageReport;
  #toolTip = '';
  #title = '';
  #menu: Electron.Menu | null = null;
  #destroyed = false;

  constructor(image: Electron.NativeImage | string) {
    lifecycle.requireReady('Cannot create Tray before app is ready');
    super('Tray', events);
    if (!settings.trayShown) throw new Error('Failed to load image');
    this.#image = imageReport(image);
    trays.push(this);
    return modelled('Tray', this);
  }

  setImage(image: Electron.NativeImage | string): void {
    this.#alive();
    this.#image = imageReport(image);
  }

  setPressedImage(image: Electron.NativeImage | string): void {
    imageReport(image);
  }

  setToolTip(toolTip: string): void {
    this.#alive();
    this.#toolTip = toolTip;
  }

  setTitle(title: string): void {
    this.#alive();
    this.#title = title;
  }

  getTitle(): string {
    return this.#title;
  }

  setContextMenu(menu: Electron.Menu | null): void {
    this.#alive();
    if (menu !== null && !isMenu(menu)) throw new TypeError('Invalid menu');
    this.#menu = menu;
  }

  setIgnoreDoubleClickEvents(): void {}

  popUpContextMenu(): void {}

  closeContextMenu(): void {}

  focus(): void {}

  getBounds(): Electron.Rectangle {
    const area = settings.displays[0]?.bounds ?? { x: 0, y: 0, width: 0, height: 0 };
    return { x: area.x + area.width - 48, y: area.y, width: 24, height: 24 };
  }

  destroy(): void {
    this.#destroyed = true;
    const at = trays.indexOf(this);
    if (at !== -1) trays.splice(at, 1);
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  report(): TrayReport {
    return {
      image: this.#image,
      toolTip: this.#toolTip,
      title: this.#title,
      menu: this.#menu === null ? [] : menuReport(this.#menu),
    };
  }

  clickMenu(labels: readonly string[]): void {
    if (this.#menu === null) throw new Error('the tray has no menu');
    clickItem(this.#menu, labels);
  }

  #alive(): void {
    if (this.#destroyed) throw new TypeError('Tray is destroyed');
  }
}

export const Tray = modelled('Tray', StandInTray);

function firstTray(): StandInTray {
  const [tray] = trays;
  if (tray === undefined) throw new Error('there is no tray');
  return tray;
}

export const trayControls = {
  tray: (): TrayReport | undefined => trays[0]?.report(),
  trayCount: () => trays.length,
  clickTray: (how: 'click' | 'right-click' | 'double-click' = 'click') => {
    const keys = { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false };
    firstTray().emit(how, preventable(keys), { x: 0, y: 0, width: 24, height: 24 }, { x: 12, y: 12 });
  },
  clickTrayMenu: (labels: readonly string[]) => firstTray().clickMenu(labels),
};
