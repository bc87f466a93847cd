import type { Page } from 'playwright';
import type { HostToWindow, SecretState } from '#shared/host-window.ts';
import { success } from '#shared/result.ts';
import type { ScriptedHost } from './scripted-host.ts';
import { night, type ScreenState } from './scripted-screens.ts';
import { nightState } from './scripted-world.ts';

/** The settings as the desktop has them: where secrets are kept, which are, and what is asked about them. */

const kept: SecretState = {
  kind: 'secret-state',
  backend: 'keychain',
  names: [
    'alertmanager-a-password',
    'loki-token',
    'prometheus-token',
    `of-long-ago-${'with-a-name-as-long-as-names-may-be-'.repeat(2)}`.slice(0, 64),
  ],
  needsConsent: false,
  problem: '',
};
/** Linux without a keychain: `basic_text`, before the person has agreed to anything. */
const unasked: SecretState = { ...kept, backend: 'session', names: ['prometheus-token'], needsConsent: true };
const desktop: HostToWindow = {
  kind: 'desktop',
  desktop: {
    settings: { startAtLogin: true, summonShortcut: 'Alt+Shift+O', closeToTray: true, sounds: true },
    shortcut: 'on',
    hasTray: true,
    canStartAtLogin: true,
    updates: { kind: 'off', text: 'Updates are off: no feed is configured.' },
  },
};

/** The night, whose first source has its token from the keychain. */
function guarded(): ReturnType<typeof night> {
  const { settings } = nightState(Date.now());
  const sources = settings.sources.map((source, index) =>
    index > 0 ? source : { ...source, secrets: [{ reference: '${keychain:prometheus-token}', found: true }] },
  );
  return night({ settings: { ...settings, sources } });
}

async function openDesktop(page: Page, host: ScriptedHost, secrets: SecretState): Promise<void> {
  await page.getByText('Configuration').first().waitFor();
  host.tell(secrets);
  host.tell(desktop);
  await page.getByRole('button', { name: 'Desktop' }).click();
  await page.getByRole('list', { name: 'Stored secrets' }).waitFor();
}

/** The form of the first source, whose authentication is a token. */
async function openForm(page: Page, host: ScriptedHost, secrets: SecretState): Promise<void> {
  await page
    .getByRole('row', { name: /prometheus/ })
    .first()
    .waitFor();
  host.tell(secrets);
  await page.keyboard.press('Enter');
  await page.getByLabel('Address').waitFor();
}

const at = '#/settings/sources';

export const settingsStates: Readonly<Record<string, ScreenState>> = {
  'settings-desktop': { core: guarded, at, arrange: (page, host) => openDesktop(page, host, kept) },
  'settings-desktop-forget': {
    core: guarded,
    at,
    arrange: async (page, host) => {
      await openDesktop(page, host, kept);
      await page.getByRole('button', { name: 'Forget prometheus-token' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'settings-desktop-plain-asked': {
    core: guarded,
    at,
    arrange: (page, host) =>
      openDesktop(page, host, {
        ...unasked,
        problem:
          'loki-token: stored with gnome_libsecret, and this session has basic_text. Enter them again, or start with the keychain of before.',
      }),
  },
  'settings-secret-keychain': { core: night, at, arrange: (page, host) => openForm(page, host, kept) },
  'settings-secret-plain-asked': { core: night, at, arrange: (page, host) => openForm(page, host, unasked) },
  'settings-secret-plain-agreed': {
    core: night,
    at,
    arrange: (page, host) => openForm(page, host, { ...kept, backend: 'plain' }),
  },
  'settings-secret-none': {
    core: night,
    at,
    arrange: (page, host) => openForm(page, host, { ...kept, backend: 'none', names: [] }),
  },
  'settings-test-asks': {
    core: () =>
      night(
        {},
        {
          test: () =>
            success({
              asks: [
                { to: 'https://prometheus.example', references: ['${env:PROMETHEUS_TOKEN}'] },
                { to: 'the proxy proxy.example:3128', references: ['${file:/run/secrets/proxy-password}'] },
              ],
              steps: [],
            }),
        },
      ),
    at,
    arrange: async (page, host) => {
      await openForm(page, host, kept);
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByRole('button', { name: 'Send and test' }).waitFor();
    },
  },
};
