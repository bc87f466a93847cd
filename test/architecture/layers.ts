import type { ImportTarget } from './resolve-import.ts';

/**
 * The layers, as data: which files make up each, and what it may import of ours, of Node and of packages.
 * A file belongs to the first layer that has it. ARCHITECTURE.md says why.
 */
export interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** Our own files that it may import, beside its own. */
  readonly mayImport: readonly RegExp[];
  readonly node: boolean;
  /** Packages that it may not import though the project has them. */
  readonly withoutPackages: readonly RegExp[];
}

const windowPackages =
  /^(?:react|react-dom|zustand|uplot|cmdk|lucide-react|@base-ui\/react|@leeoniya\/ufuzzy|@tanstack\/react-virtual|@fontsource-variable\/.*)$/;
const serverPackages = /^(?:better-sqlite3|undici|ws|yaml)$/;
const electronPackage = /^(?:electron|original-fs)$/;

const shared = /^shared\//;
/** Reads the configurations of servers with the YAML parser: no window carries that. */
const configurationReader = /^shared\/routing\/read\//;
const sharedInWindow = /^shared\/(?!routing\/read\/)/;
const port = /^electron\/host\/port\.ts$/;
const corePart = /^electron\/core\/[^/]+\//;
/** Both ends of the data folder's ownership: the host claims it, the core holds it. */
const dataFolderLock = /^electron\/core\/store\/lock\.ts$/;
/** One format for what goes wrong, whichever process it is. */
const coreLog = /^electron\/core\/log\.ts$/;
const onServer = { node: true, withoutPackages: [windowPackages, electronPackage] };
const inWindow = { node: false, withoutPackages: [serverPackages, electronPackage] };

/** Folders of the core that know nothing of each other: only the core's own top level joins them. */
const partsKeptApart = ['sources', 'rules', 'incidents'] as const;

const widgets = /^renderer\/(?:ui|keys|charts|styles)\//;
const state = /^renderer\/(?:stores|bridge)\//;
const parts = /^renderer\/parts\//;
/** What every view is given: the window's own state and what a person can do with it. */
const app = /^renderer\/(?:actions\/|app\.tsx?$)/;

const layers: readonly Layer[] = [
  {
    name: 'reader of configurations',
    files: configurationReader,
    mayImport: [shared],
    node: false,
    withoutPackages: [windowPackages, /^(?:better-sqlite3|undici|ws)$/, electronPackage],
  },
  {
    name: 'shared',
    files: sharedInWindow,
    mayImport: [],
    node: false,
    withoutPackages: [windowPackages, serverPackages, electronPackage],
  },
  ...partsKeptApart.map((part) => ({
    name: `core/${part}`,
    files: new RegExp(`^electron/core/${part}/`),
    mayImport: [
      shared,
      port,
      new RegExp(`^electron/core/(?!${partsKeptApart.filter((other) => other !== part).join('/|')}/)[^/]+/`),
    ],
    ...onServer,
  })),
  { name: 'core', files: corePart, mayImport: [shared, port, /^electron\/core\/(?!main\.ts$)/], ...onServer },
  {
    // The one place that joins the parts; those kept apart never reach back to it.
    name: 'core composition',
    files: /^electron\/core\/[^/]+$/,
    mayImport: [shared, port, corePart],
    ...onServer,
  },
  { name: 'demo', files: /^electron\/demo\//, mayImport: [shared], ...onServer },
  {
    // Entries of the desktop's utility processes: Electron gives these no `app`, only its types and a port.
    name: 'core process of the desktop',
    files: /^electron\/host\/desktop\/(?:core-entry|run-utility-core)\.ts$/,
    mayImport: [shared, /^electron\/(?:host|core)\//],
    node: true,
    withoutPackages: [windowPackages],
  },
  {
    name: 'demo process of the desktop',
    files: /^electron\/host\/desktop\/demo-entry\.ts$/,
    mayImport: [shared, /^electron\/demo\//],
    node: true,
    withoutPackages: [windowPackages],
  },
  {
    name: 'desktop host',
    files: /^electron\/(?:host\/desktop\/|main\.ts$|preload\.ts$)/,
    mayImport: [shared, /^electron\/host\//, dataFolderLock, coreLog],
    node: true,
    withoutPackages: [windowPackages],
  },
  {
    // Lies with the host that forks it and runs the core: the one place that sees both.
    name: 'core process',
    files: /^electron\/host\/(?:core-runner|browser\/(?:core-process|run-core))\.ts$/,
    mayImport: [shared, /^electron\/(?:host|core)\//],
    ...onServer,
  },
  { name: 'host', files: /^electron\/host\//, mayImport: [shared, dataFolderLock], ...onServer },
  { name: 'cli', files: /^electron\/cli\//, mayImport: [shared, /^electron\/core\//], ...onServer },
  {
    name: 'browser-host entry',
    files: /^electron\/serve(?:\.test)?\.ts$/,
    mayImport: [shared, /^electron\/(?:host|demo|core)\//],
    ...onServer,
  },
  {
    name: 'feature',
    files: /^renderer\/features\//,
    mayImport: [sharedInWindow, widgets, state, parts, app],
    ...inWindow,
  },
  { name: 'parts', files: parts, mayImport: [sharedInWindow, widgets, state, app], ...inWindow },
  { name: 'actions', files: app, mayImport: [sharedInWindow, widgets, state], ...inWindow },
  { name: 'stores and bridge', files: state, mayImport: [sharedInWindow, /^renderer\/keys\//], ...inWindow },
  { name: 'widgets', files: widgets, mayImport: [sharedInWindow], ...inWindow },
  { name: 'renderer', files: /^renderer\//, mayImport: [sharedInWindow], ...inWindow },
  {
    name: 'scripts',
    files: /^(?:scripts\/|[^/]+\.config\.ts$)/,
    mayImport: [/^electron\/serve\.ts$/, /^electron\/host\/update-signature\.ts$/, /^scripts\//],
    node: true,
    withoutPackages: [],
  },
  { name: 'test', files: /^test\//, mayImport: [/./], node: true, withoutPackages: [] },
];

export function layerOf(path: string): Layer | undefined {
  return layers.find((layer) => layer.files.test(path));
}

/** @returns whether `layer` may import `target`; a test beside the code may also use Node and test support. */
export function mayImport(layer: Layer, from: string, target: ImportTarget): boolean {
  const forTest = isTest(from);
  switch (target.kind) {
    case 'node':
      return layer.node || forTest;
    case 'package':
      return !layer.withoutPackages.some((pattern) => pattern.test(target.name));
    case 'file':
      if (forTest && target.path.startsWith('test/support/')) return true;
      return mayImportFile(layer, from, target.path);
  }
}

export function isTest(path: string): boolean {
  return path.startsWith('test/') || /\.test\.tsx?$/.test(path);
}

function mayImportFile(layer: Layer, from: string, path: string): boolean {
  if (layer.files.test(path)) return layer.name !== 'feature' || featureOf(from) === featureOf(path);
  return layer.mayImport.some((pattern) => pattern.test(path));
}

function featureOf(path: string): string {
  return path.split('/')[2] ?? '';
}
