import type { DesktopSettings, DesktopState, UpdateState } from '#shared/host-window.ts';
import type { SettingsView } from '#shared/model/settings.ts';
import { useApp, useLive } from '../../app.ts';
import { Button } from '../../ui/button.tsx';
import styles from './settings.module.css';
import { StoredSecrets } from './stored-secrets.tsx';

/** Keys that no system and no browser has by itself; a person chooses, because a key is taken from all apps. */
const shortcuts = ['CmdOrCtrl+Alt+O', 'CmdOrCtrl+Shift+F9', 'Alt+Shift+O', 'CmdOrCtrl+Alt+Space'] as const;

/** The app on this machine, beside the configuration of what is watched: only where the host is the desktop. */
export function DesktopSection({ view }: { readonly view: SettingsView }) {
  const { host } = useApp();
  const desktop = useLive((state) => state.desktop);
  if (desktop === null) return <p className={styles.message}>Only the desktop app has these.</p>;
  const { settings } = desktop;
  const change = (part: Partial<DesktopSettings>): void =>
    host.send({ kind: 'change-desktop', change: part });
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label="Desktop">
      <fieldset className={styles.choices}>
        <legend>Window and notifications</legend>
        <Check
          label="Start at login, in the background"
          checked={settings.startAtLogin}
          hint={desktop.canStartAtLogin ? '' : 'Only an installed app can be started by the system.'}
          onChange={(startAtLogin) => change({ startAtLogin })}
        />
        <Check
          label="Go on in the tray when the window is closed"
          checked={settings.closeToTray}
          hint={desktop.hasTray ? '' : 'This desktop shows no tray: closing the window ends the app.'}
          onChange={(closeToTray) => change({ closeToTray })}
        />
        <Check
          label="Notifications make a sound"
          checked={settings.sounds}
          hint=""
          onChange={(sounds) => change({ sounds })}
        />
      </fieldset>
      <SummonKey desktop={desktop} onChange={(summonShortcut) => change({ summonShortcut })} />
      <StoredSecrets settings={view} />
      <Updates state={desktop.updates} />
    </div>
  );
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  /** Why it cannot be chosen; empty where it can. */
  readonly hint: string;
  readonly onChange: (checked: boolean) => void;
}

function Check({ label, checked, hint, onChange }: CheckProps) {
  return (
    <label>
      <input
        type="checkbox"
        checked={checked && hint === ''}
        disabled={hint !== ''}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
      {hint === '' ? null : <span className={styles.faint}> {hint}</span>}
    </label>
  );
}

interface SummonKeyProps {
  readonly desktop: DesktopState;
  readonly onChange: (shortcut: string | null) => void;
}

/** One of a few: what another app has is said, and nothing else is taken instead. */
function SummonKey({ desktop, onChange }: SummonKeyProps) {
  const { mac } = useApp();
  const { summonShortcut } = desktop.settings;
  const choices = [null, ...shortcuts, ...(isOther(summonShortcut) ? [summonShortcut] : [])];
  return (
    <fieldset className={styles.choices}>
      <legend>Key that shows and hides the window from anywhere</legend>
      {choices.map((keys) => (
        <label key={keys}>
          <input
            type="radio"
            name="summon"
            checked={keys === summonShortcut}
            onChange={() => onChange(keys)}
          />
          {keys === null ? 'None' : wordsOf(keys, mac)}
          {keys === summonShortcut && desktop.shortcut === 'taken' ? (
            <span className={styles.faint} role="status">
              {' '}
              Taken by another app, or not allowed by this desktop.
            </span>
          ) : null}
        </label>
      ))}
    </fieldset>
  );
}

/** Nothing is fetched or installed before its button is pressed. */
function Updates({ state }: { readonly state: UpdateState }) {
  const { host } = useApp();
  const next = nextUpdateStep[state.kind];
  return (
    <fieldset className={styles.choices}>
      <legend>Updates</legend>
      <p role="status">{state.text}</p>
      {next === undefined ? null : (
        <Button onClick={() => host.send({ kind: 'update', action: next.action })}>{next.label}</Button>
      )}
    </fieldset>
  );
}

const look = { action: 'check', label: 'Look now' } as const;
const nextUpdateStep: Partial<
  Record<UpdateState['kind'], { readonly action: 'check' | 'download' | 'install'; readonly label: string }>
> = {
  idle: look,
  failed: look,
  available: { action: 'download', label: 'Fetch it' },
  ready: { action: 'install', label: 'Restart and install' },
};

function isOther(keys: string | null): keys is string {
  return keys !== null && !shortcuts.some((each) => each === keys);
}

function wordsOf(keys: string, mac: boolean): string {
  return keys.replace('CmdOrCtrl', mac ? 'Command' : 'Ctrl').replaceAll('+', ' + ');
}
