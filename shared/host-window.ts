import * as v from 'valibot';
import { severitySchema } from './model/severity.ts';
import { notificationSounds, urgencies } from './notify/model.ts';

/**
 * What a host and a window tell each other beside the contract: how the core is, and notifications to
 * show. Both ends check what arrives against these schemas.
 */

/** One notification, decided by the core. Who shows it says what became of it. */
const hostNotificationSchema = v.object({
  /** The intent in the notification log: the same one is never shown twice by one host. */
  id: v.pipe(v.string(), v.maxLength(200)),
  /** Null for a summary of several: opening it opens the inbox. */
  incidentId: v.nullable(v.number()),
  /** Plain text without control or bidirectional characters, at most 120 characters. */
  title: v.string(),
  /** The same, at most 240 characters. */
  body: v.string(),
  severity: severitySchema,
  /** What is heard, if the person wants to hear anything here. */
  sound: v.picklist(notificationSounds),
  urgency: v.picklist(urgencies),
});
export type HostNotification = Readonly<v.InferOutput<typeof hostNotificationSchema>>;

/**
 * `shown` by the system; `denied`: the person or the system does not allow notifications. A window or
 * host that has nobody to show it to yet says nothing and shows it as soon as it can.
 */
const notificationOutcomeSchema = v.picklist(['shown', 'denied']);
export type NotificationOutcome = v.InferOutput<typeof notificationOutcomeSchema>;

/** The name of a secret in the keychain, as `${keychain:NAME}` writes it. */
export const keychainName = /^[A-Za-z0-9][\w.-]{0,63}$/u;
const secretNameSchema = v.pipe(v.string(), v.regex(keychainName));
const maxSecretCharacters = 8_192;

/**
 * Where secrets can be kept, and which are; never their values. `none`: not in this host. `session`: the
 * system has no keychain, and they are gone when the app ends.
 */
const secretStateSchema = v.object({
  kind: v.literal('secret-state'),
  backend: v.picklist(['none', 'session', 'plain', 'keychain']),
  names: v.pipe(v.array(secretNameSchema), v.maxLength(200)),
  /** Nothing is written to the disk before the person has agreed to a store that only hides them. */
  needsConsent: v.boolean(),
  /** What went wrong last, with the next step; empty where nothing did. */
  problem: v.pipe(v.string(), v.maxLength(500)),
});
export type SecretState = Readonly<v.InferOutput<typeof secretStateSchema>>;

export const themeSchema = v.picklist(['dark', 'light', 'system']);

/** What a person decides about the desktop app on this machine. */
export const desktopSettingsSchema = v.object({
  startAtLogin: v.boolean(),
  /** Shows and hides the window from anywhere, as Electron writes keys; null for none. */
  summonShortcut: v.nullable(v.pipe(v.string(), v.maxLength(60), v.regex(/^[A-Za-z0-9+]+$/))),
  /** Closing the window leaves the app in the tray, where there is one. */
  closeToTray: v.boolean(),
  /** Notifications make a sound; off: none does. */
  sounds: v.boolean(),
});
export type DesktopSettings = Readonly<v.InferOutput<typeof desktopSettingsSchema>>;

/**
 * Where updates stand, and that in words. `refused`: what was configured or offered is not trusted; `ready`:
 * fetched, checked, and installed with the next wish.
 */
const updateStateSchema = v.object({
  kind: v.picklist(['off', 'refused', 'idle', 'checking', 'available', 'downloading', 'ready', 'failed']),
  text: v.pipe(v.string(), v.maxLength(500)),
});
export type UpdateState = Readonly<v.InferOutput<typeof updateStateSchema>>;

const desktopStateSchema = v.object({
  settings: desktopSettingsSchema,
  /** `taken`: another app has the shortcut, or the system allows none. */
  shortcut: v.picklist(['off', 'on', 'taken']),
  /** Whether this machine shows a tray, and whether this copy of the app can be started at login. */
  hasTray: v.boolean(),
  canStartAtLogin: v.boolean(),
  updates: updateStateSchema,
});
export type DesktopState = Readonly<v.InferOutput<typeof desktopStateSchema>>;

/** What the host tells a window about the core and asks of it. */
export const hostToWindowSchema = v.variant('kind', [
  v.object({
    kind: v.literal('core-state'),
    state: v.picklist(['starting', 'running', 'restarting', 'stopped']),
    /** Crashes within the last minute. */
    crashes: v.number(),
    nextStartAtMs: v.nullable(v.number()),
    safeModeOffered: v.boolean(),
    message: v.string(),
  }),
  v.object({ kind: v.literal('notify'), notification: hostNotificationSchema }),
  v.object({ kind: v.literal('withdraw'), id: v.string() }),
  v.object({ kind: v.literal('open-incident'), incidentId: v.number() }),
  /** Chosen from the host's menu: a command of the window's keymap, as if its key had been pressed. */
  v.object({ kind: v.literal('run-command'), command: v.pipe(v.string(), v.maxLength(100)) }),
  /** Of the desktop only: sent when the window is linked and when something of it changes. */
  v.object({ kind: v.literal('desktop'), desktop: desktopStateSchema }),
  secretStateSchema,
]);
export type HostToWindow = Readonly<v.InferOutput<typeof hostToWindowSchema>>;

const shortText = v.pipe(v.string(), v.maxLength(100));
const menuEntrySchema = v.object({
  /** The id in the keymap. */
  command: shortText,
  label: shortText,
  /** The menu that it belongs to. */
  group: shortText,
  /** As Electron writes keys, `CmdOrCtrl+K`; null where its keys are none that a menu can show. */
  accelerator: v.nullable(shortText),
});
export type MenuEntry = Readonly<v.InferOutput<typeof menuEntrySchema>>;

export const windowToHostSchema = v.variant('kind', [
  v.object({
    kind: v.literal('notification-outcome'),
    id: v.pipe(v.string(), v.maxLength(200)),
    outcome: notificationOutcomeSchema,
  }),
  /**
   * The window may show notifications, or may not. Sent when the window connects, when it changes and
   * whenever the window comes to the front: the host prefers the one that said `granted` last.
   */
  v.object({
    kind: v.literal('notification-permission'),
    permission: v.picklist(['granted', 'denied', 'default']),
  }),
  v.object({ kind: v.literal('start-core'), safeMode: v.boolean() }),
  /** A link of an alert, a runbook or a note: the host checks it, asks, and opens it outside. */
  v.object({ kind: v.literal('open-link'), url: v.pipe(v.string(), v.maxLength(4_000)) }),
  /** Write-only: kept by the host for the core; no answer ever has the value. */
  v.object({
    kind: v.literal('store-secret'),
    name: secretNameSchema,
    value: v.pipe(v.string(), v.minLength(1), v.maxLength(maxSecretCharacters)),
  }),
  v.object({ kind: v.literal('forget-secret'), name: secretNameSchema }),
  /** The person wants secrets kept though nothing but the user's files protects them; the host asks again. */
  v.object({ kind: v.literal('allow-plain-secrets') }),
  /** The keymap as it is in force, for a host that has a menu. Sent when linked and when it changes. */
  v.object({ kind: v.literal('menu'), entries: v.pipe(v.array(menuEntrySchema), v.maxLength(300)) }),
  /** The window's theme, which the system's own parts of it follow. */
  v.object({ kind: v.literal('theme'), theme: themeSchema }),
  v.object({ kind: v.literal('change-desktop'), change: v.partial(desktopSettingsSchema) }),
  v.object({ kind: v.literal('update'), action: v.picklist(['check', 'download', 'install']) }),
]);
export type WindowToHost = Readonly<v.InferOutput<typeof windowToHostSchema>>;
