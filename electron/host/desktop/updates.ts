import { app } from 'electron';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UpdateState } from '#shared/host-window.ts';
import { drop } from '#shared/result.ts';
import type { DesktopPart, DesktopShell, MakeDesktopPart } from './desktop-parts.ts';
import { keptSettings } from './desktop-settings.ts';
import { readJsonFile } from './json-file.ts';
import { readFeed, updateFileSchema, UpdateWatch, type Feed, type Updater } from './update-watch.ts';

/**
 * Updates: off, unless `updates.json` in the app's own folder names a feed and the key of those who may
 * sign for it. Off means that electron-updater is not even loaded. What is true is told in the settings.
 */
export const updates: MakeDesktopPart = (shell) => {
  const settings = keptSettings(shell);
  const onState = (state: UpdateState): void => settings.found({ updates: state });
  const path = join(shell.userDataDirectory, 'updates.json');
  if (!existsSync(path)) return off(onState, 'off', 'Updates are off: no feed is configured.');
  const file = readJsonFile(path, updateFileSchema);
  const feed = file === undefined ? undefined : readFeed(file, process.platform);
  if (feed?.ok !== true) {
    const reason = feed === undefined ? 'updates.json cannot be read' : feed.failure;
    shell.log('update.feed-refused', { reason });
    return off(onState, 'refused', `The feed is not used: ${reason}.`);
  }
  if (!app.isPackaged) return off(onState, 'off', 'Updates are off: this is no installed app.');
  if (process.platform === 'linux' && process.env['APPIMAGE'] === undefined)
    return off(onState, 'off', 'Updates are off: this machine’s package manager installed the app.');
  return watching(shell, feed.value, onState);
};

function off(onState: (state: UpdateState) => void, kind: 'off' | 'refused', text: string): DesktopPart {
  onState({ kind, text });
  return {};
}

function watching(shell: DesktopShell, feed: Feed, onState: (state: UpdateState) => void): DesktopPart {
  const loadUpdater = (): Promise<Updater> => loadFor(feed, shell.userDataDirectory);
  const watch = new UpdateWatch({ feed, loadUpdater, onState, log: shell.log });
  return {
    windowSaid(message) {
      if (message.kind !== 'update') return;
      const done = {
        check: () => watch.check(),
        download: () => watch.download(),
        install: () => watch.install(),
      };
      drop(done[message.action](), 'it never rejects');
    },
    close: () => watch.close(),
  };
}

/** Loaded only here, so that an app without a feed cannot reach anything. */
async function loadFor({ url, publisher }: Feed, folder: string): Promise<Updater> {
  const { autoUpdater } = (await import('electron-updater')).default;
  const path = join(folder, 'update-feed.yml');
  const content = {
    provider: 'generic',
    url,
    updaterCacheDirName: 'opssight-updates',
    // SECURITY: without it electron-updater installs on Windows whatever the signature says.
    ...(publisher === undefined ? {} : { publisherName: [publisher] }),
  };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(content), { mode: 0o600 });
  autoUpdater.updateConfigPath = path;
  return autoUpdater;
}
