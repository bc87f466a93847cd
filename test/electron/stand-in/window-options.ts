import { standInApp } from './app.ts';
import { settings } from './settings.ts';
import { refuseUnknownOptions, Unmodelled } from './unmodelled.ts';

/** What a `BrowserWindow` may be given. A window that is less confined than ours is not modelled. */

const options = [
  'x',
  'y',
  'width',
  'height',
  'minWidth',
  'minHeight',
  'show',
  'title',
  'icon',
  'center',
  'backgroundColor',
  'autoHideMenuBar',
  'fullscreenable',
  'titleBarStyle',
  'titleBarOverlay',
  'trafficLightPosition',
  'useContentSize',
  'paintWhenInitiallyHidden',
  'webPreferences',
];
const preferences = [
  'preload',
  'sandbox',
  'contextIsolation',
  'nodeIntegration',
  'nodeIntegrationInWorker',
  'nodeIntegrationInSubFrames',
  'webSecurity',
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'enableBlinkFeatures',
  'webviewTag',
  'navigateOnDragDrop',
  'safeDialogs',
  'disableDialogs',
  'spellcheck',
  'devTools',
  'session',
  'partition',
  'backgroundThrottling',
  'v8CacheOptions',
  'plugins',
  'images',
  'javascript',
  'autoplayPolicy',
  'disableBlinkFeatures',
  'enableWebSQL',
  'webgl',
  'textAreasAreResizable',
  'defaultEncoding',
  'additionalArguments',
  'enableDeprecatedPaste',
  'disableHtmlFullscreenWindowResize',
];

export function checkOptions(given: Electron.BrowserWindowConstructorOptions): void {
  refuseUnknownOptions('BrowserWindow', given, options);
  const web = given.webPreferences ?? {};
  refuseUnknownOptions('webPreferences', web, preferences);
  if (web.sandbox === false || (web.sandbox === undefined && !standInApp.record.sandboxEnabled))
    throw new Unmodelled('a window without sandbox');
  if (web.contextIsolation === false) throw new Unmodelled('a window without context isolation');
  for (const name of ['nodeIntegration', 'nodeIntegrationInWorker', 'nodeIntegrationInSubFrames'] as const)
    if (web[name] === true) throw new Unmodelled(`a window with ${name}`);
  if (web.webSecurity === false) throw new Unmodelled('a window without webSecurity');
  if (web.webviewTag === true) throw new Unmodelled('a window with webviewTag');
}

/** Where the window is put: in the middle of the first display unless told otherwise. */
export function placed(given: Electron.BrowserWindowConstructorOptions): Electron.Rectangle {
  const area = settings.displays[0]?.workArea ?? { x: 0, y: 0, width: 1024, height: 768 };
  const width = given.width ?? 800;
  const height = given.height ?? 600;
  return {
    x: given.x ?? Math.round(area.x + (area.width - width) / 2),
    y: given.y ?? Math.round(area.y + (area.height - height) / 2),
    width,
    height,
  };
}
