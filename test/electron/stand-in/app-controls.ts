import { standInApp } from './app.ts';
import { shellRecord } from './shell.ts';
import { preventable } from './unmodelled.ts';
import { clickItem, Menu, menuReport, pressAccelerator } from './menu.ts';
import { allWindows } from './windows.ts';

/** What a test asks of the application as a whole, and what the system tells it. */
export const appControls = {
  app: () => ({ ...standInApp.record, name: standInApp.getName(), isReady: standInApp.isReady() }),
  openedUrls: () => [...shellRecord.opened],
  urlsOpenedByPages: () => [...shellRecord.openedByPage],
  beeps: () => shellRecord.beeps,
  /** A second start, told by the lock; to start one for real is better where it matters. */
  secondInstance: (argv: readonly string[], workingDirectory: string) =>
    void standInApp.emit('second-instance', preventable({}), [...argv], workingDirectory, null),
  /** macOS hands over an address of ours. @returns whether the application took it. */
  openUrl: (url: string) => {
    const event = preventable({});
    standInApp.emit('open-url', event, url);
    return event.defaultPrevented;
  },
  /** The dock icon of macOS is clicked. */
  activate: () =>
    void standInApp.emit(
      'activate',
      preventable({}),
      allWindows().some((one) => one.isVisible()),
    ),
  applicationMenu: () => {
    const menu = Menu.getApplicationMenu();
    return menu === null ? null : menuReport(menu);
  },
  clickMenu: (labels: readonly string[]) => {
    const menu = Menu.getApplicationMenu();
    if (menu === null) throw new Error('there is no application menu');
    clickItem(menu, labels);
  },
  /** @returns whether an item of the menu has it. */
  pressAccelerator: (accelerator: string) => pressAccelerator(accelerator),
};
