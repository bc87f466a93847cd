import { normalAccelerator } from './accelerators.ts';
import { standInApp } from './app.ts';
import { complaints } from './complaints.ts';
import { modelled, refuseUnknownOptions, StandInEmitter, Unmodelled } from './unmodelled.ts';
import { StandInBrowserWindow } from './windows.ts';

/** `Menu` and `MenuItem`: built, kept and clicked by tests; nothing is drawn. */

type Options = Electron.MenuItemConstructorOptions;
const options = [
  'click',
  'role',
  'type',
  'label',
  'sublabel',
  'toolTip',
  'accelerator',
  'icon',
  'enabled',
  'visible',
  'checked',
  'registerAccelerator',
  'acceleratorWorksWhenHidden',
  'submenu',
  'id',
];

export interface MenuReport {
  readonly label: string;
  readonly type: string;
  readonly role: string | null;
  readonly accelerator: string | null;
  readonly enabled: boolean;
  readonly visible: boolean;
  readonly checked: boolean;
  readonly id: string | null;
  readonly items: readonly MenuReport[];
}

/** What Electron calls a role where no label is given (on Linux; macOS adds the application's name). */
function roleLabel(role: string): string {
  const known: Readonly<Record<string, string>> = {
    about: `About ${standInApp.getName()}`,
    quit: settingsQuit(),
    togglefullscreen: 'Toggle Full Screen',
    selectAll: 'Select All',
    pasteAndMatchStyle: 'Paste and Match Style',
    hideOthers: 'Hide Others',
    unhide: 'Show All',
    appMenu: standInApp.getName(),
    editMenu: 'Edit',
    viewMenu: 'View',
    windowMenu: 'Window',
    fileMenu: 'File',
  };
  return known[role] ?? role.charAt(0).toUpperCase() + role.slice(1);
}

function settingsQuit(): string {
  return process.platform === 'win32' ? 'Exit' : `Quit ${standInApp.getName()}`;
}

class StandInMenuItem implements Pick<
  Electron.MenuItem,
  | 'label'
  | 'type'
  | 'accelerator'
  | 'enabled'
  | 'visible'
  | 'checked'
  | 'id'
  | 'sublabel'
  | 'toolTip'
  | 'click'
  | 'registerAccelerator'
> {
  label: string;
  type: Electron.MenuItem['type'];
  role: Options['role'];
  accelerator: string | null;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  id: string;
  sublabel: string;
  toolTip: string;
  icon: Options['icon'];
  /** False: the key is only shown (docs/api/menu-item.md). */
  registerAccelerator: boolean;
  submenu: Electron.Menu | undefined;
  readonly wrapped: Electron.MenuItem;
  readonly #given: Options;

  constructor(given: Options) {
    refuseUnknownOptions('MenuItem', given, options);
    this.#given = given;
    this.role = given.role;
    this.label = given.label ?? (given.role === undefined ? '' : roleLabel(given.role));
    this.submenu = Array.isArray(given.submenu) ? buildFromTemplate(given.submenu) : given.submenu;
    this.type = given.type ?? (this.submenu === undefined ? 'normal' : 'submenu');
    this.accelerator = given.accelerator ?? null;
    this.enabled = given.enabled ?? true;
    this.visible = given.visible ?? true;
    this.checked = given.checked ?? false;
    this.id = given.id ?? '';
    this.sublabel = given.sublabel ?? '';
    this.toolTip = given.toolTip ?? '';
    this.icon = given.icon;
    this.registerAccelerator = given.registerAccelerator ?? true;
    if (this.type === 'submenu' && this.submenu === undefined && given.role === undefined)
      throw new Error('Invalid submenu');
    if (this.accelerator !== null && normalAccelerator(this.accelerator) === undefined)
      complaints.add(`menu: not an accelerator: ${this.accelerator}`);
    this.wrapped = modelled('MenuItem', this) as unknown as Electron.MenuItem;
    itemOf.set(this.wrapped, this);
  }

  /** As a person does. */
  readonly click = (): void => {
    if (!this.enabled || !this.visible) throw new Error(`${this.label} cannot be clicked`);
    if (this.type === 'checkbox') this.checked = !this.checked;
    if (this.type === 'radio') this.checked = true;
    const window = StandInBrowserWindow.getFocusedWindow() ?? undefined;
    if (this.#given.click !== undefined)
      return this.#given.click(this.wrapped, window, { triggeredByAccelerator: false });
    if (this.role === 'quit') return standInApp.quit();
    if (this.role === 'close') return window?.close();
    if (this.role === 'minimize') return window?.minimize();
    if (this.role === 'togglefullscreen') return window?.setFullScreen(!window.isFullScreen());
    if (this.role === 'reload') return window?.reload();
    if (this.role !== undefined) throw new Unmodelled(`a click on the role ${this.role}`);
  };

  report(): MenuReport {
    return {
      label: this.label,
      type: this.type,
      role: this.role ?? null,
      accelerator: this.accelerator,
      enabled: this.enabled,
      visible: this.visible,
      checked: this.checked,
      id: this.id === '' ? null : this.id,
      items: this.submenu === undefined ? [] : menuReport(this.submenu),
    };
  }
}

const itemOf = new WeakMap<object, StandInMenuItem>();
const menuOf = new WeakMap<object, StandInMenu>();
let applicationMenu: Electron.Menu | null = null;

function makeItem(given: Options | Electron.MenuItem): Electron.MenuItem {
  return itemOf.has(given) ? (given as Electron.MenuItem) : new StandInMenuItem(given as Options).wrapped;
}

class StandInMenu
  extends StandInEmitter
  implements Pick<Electron.Menu, 'append' | 'insert' | 'getMenuItemById' | 'items' | 'popup' | 'closePopup'>
{
  items: Electron.MenuItem[] = [];
  readonly wrapped: Electron.Menu;

  constructor() {
    super('Menu', ['menu-will-show', 'menu-will-close']);
    this.wrapped = modelled('Menu', this);
    menuOf.set(this.wrapped, this);
    return this.wrapped as unknown as this;
  }

  static buildFromTemplate(template: (Options | Electron.MenuItem)[]): Electron.Menu {
    if (!Array.isArray(template))
      throw new TypeError('Invalid template for Menu: Menu template must be an array');
    const menu = new StandInMenu();
    menu.items.push(...template.map(makeItem));
    return menu;
  }

  static getApplicationMenu(): Electron.Menu | null {
    return applicationMenu;
  }

  static setApplicationMenu(menu: Electron.Menu | null): void {
    if (menu !== null && !menuOf.has(menu)) throw new TypeError('Invalid menu');
    applicationMenu = menu;
  }

  append(item: Electron.MenuItem): void {
    this.insert(this.items.length, item);
  }

  insert(position: number, item: Electron.MenuItem): void {
    if (!itemOf.has(item)) throw new TypeError('Invalid item');
    this.items.splice(position, 0, item);
  }

  getMenuItemById(id: string): Electron.MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found !== null && found !== undefined) return found;
    }
    return null;
  }

  popup(): void {
    this.emit('menu-will-show');
  }

  closePopup(): void {
    this.emit('menu-will-close');
  }
}

function buildFromTemplate(template: Options[]): Electron.Menu {
  return StandInMenu.buildFromTemplate(template);
}

export function isMenu(given: unknown): boolean {
  return typeof given === 'object' && given !== null && menuOf.has(given);
}

export function menuReport(menu: Electron.Menu): readonly MenuReport[] {
  return menu.items.map((item) => itemOf.get(item)?.report()).filter((report) => report !== undefined);
}

/** Clicks the item that the labels lead to. */
export function clickItem(menu: Electron.Menu, labels: readonly string[]): void {
  const [label, ...rest] = labels;
  const item = menu.items.find((one) => one.label.replaceAll('&', '') === label && one.visible);
  if (item === undefined)
    throw new Error(`the menu has no ${label}, only ${menu.items.map((one) => one.label).join(', ')}`);
  if (rest.length === 0) itemOf.get(item)?.click();
  else if (item.submenu !== undefined) clickItem(item.submenu, rest);
  else throw new Error(`${label} has no menu`);
}

/** Presses a key of the application's menu. @returns whether an item has it. */
export function pressAccelerator(accelerator: string, menu: Electron.Menu | null = applicationMenu): boolean {
  const wanted = normalAccelerator(accelerator);
  for (const item of menu?.items ?? []) {
    if (item.submenu !== undefined && pressAccelerator(accelerator, item.submenu)) return true;
    const own = item.accelerator === null ? undefined : normalAccelerator(item.accelerator);
    if (own === undefined || own !== wanted || !item.enabled || !item.visible) continue;
    if (!item.registerAccelerator) continue;
    itemOf.get(item)?.click();
    return true;
  }
  return false;
}

export const Menu = modelled('Menu', StandInMenu);
export const MenuItem = modelled('MenuItem', StandInMenuItem);
