import { lifecycle } from './lifecycle.ts';
import { settings } from './settings.ts';
import { modelled, preventable, refuseUnknownOptions, StandInEmitter, Unmodelled } from './unmodelled.ts';

/** `Notification`: what was shown, and what a person does with it. */

type Options = Electron.NotificationConstructorOptions;
const options = [
  'id',
  'groupId',
  'groupTitle',
  'title',
  'subtitle',
  'body',
  'silent',
  'icon',
  'hasReply',
  'timeoutType',
  'replyPlaceholder',
  'sound',
  'urgency',
  'actions',
  'closeButtonText',
  'toastXml',
];

export interface NotificationReport {
  /** Its number in order of creation, by which a test names it. */
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly sound: string;
  readonly urgency: string;
  readonly timeoutType: string;
  readonly actions: readonly string[];
  readonly groupId: string;
  readonly toastXml: string;
  /** How often it was shown, and whether it still is. */
  readonly shows: number;
  readonly isOpen: boolean;
}

const all: StandInNotification[] = [];
let failure: string | undefined;
let activation: ((details: Electron.ActivationArguments) => void) | undefined;

class StandInNotification
  extends StandInEmitter
  implements
    Pick<
      Electron.Notification,
      | 'show'
      | 'close'
      | 'id'
      | 'groupId'
      | 'groupTitle'
      | 'title'
      | 'subtitle'
      | 'body'
      | 'silent'
      | 'sound'
      | 'timeoutType'
      | 'toastXml'
      | 'actions'
      | 'closeButtonText'
      | 'hasReply'
      | 'replyPlaceholder'
    >
{
  readonly id: string;
  readonly groupId: string;
  readonly groupTitle: string;
  title: string;
  subtitle: string;
  body: string;
  silent: boolean;
  sound: string;
  timeoutType: 'default' | 'never';
  toastXml: string;
  actions: Electron.NotificationAction[];
  closeButtonText: string;
  hasReply: boolean;
  replyPlaceholder: string;
  urgency: string;
  readonly #number = all.length + 1;
  #shows = 0;
  #isComing = false;
  #isOpen = false;

  constructor(given: Options = {}) {
    lifecycle.requireReady('Cannot create Notification before app is ready');
    super('Notification', ['show', 'click', 'close', 'reply', 'action', 'failed']);
    refuseUnknownOptions('Notification', given, options);
    this.id = given.id === undefined || given.id === '' ? crypto.randomUUID() : given.id;
    this.groupId = given.groupId ?? '';
    this.groupTitle = given.groupTitle ?? '';
    this.title = given.title ?? '';
    this.subtitle = given.subtitle ?? '';
    this.body = given.body ?? '';
    this.silent = given.silent ?? false;
    this.sound = given.sound ?? '';
    this.timeoutType = given.timeoutType ?? 'default';
    this.toastXml = given.toastXml ?? '';
    this.actions = given.actions ?? [];
    this.closeButtonText = given.closeButtonText ?? '';
    this.hasReply = given.hasReply ?? false;
    this.replyPlaceholder = given.replyPlaceholder ?? '';
    this.urgency = given.urgency ?? 'normal';
    all.push(this);
    return modelled('Notification', this);
  }

  static isSupported(): boolean {
    return settings.notificationsSupported;
  }

  /** Windows only: every activation comes here, too. */
  static handleActivation(callback: (details: Electron.ActivationArguments) => void): void {
    if (settings.platform !== 'win32') throw new TypeError('Notification.handleActivation is not a function');
    activation = callback;
  }

  /** Where the system has no notifications nothing happens, and nothing says so. */
  show(): void {
    if (!settings.notificationsSupported) return;
    const failed = failure;
    if (failed !== undefined) return void setImmediate(() => this.emit('failed', preventable({}), failed));
    if (this.#isOpen) this.dismiss('applicationHidden');
    // The same identifier replaces what stands under it, on macOS and Windows only.
    if (settings.platform !== 'linux')
      for (const other of all) if (other !== this && other.id === this.id) other.dismiss('applicationHidden');
    this.#isComing = true;
    setImmediate(() => {
      if (!this.#isComing) return;
      this.#isComing = false;
      this.#shows++;
      this.#isOpen = true;
      this.emit('show', preventable({}));
    });
  }

  close(): void {
    this.dismiss('applicationHidden');
  }

  dismiss(reason: 'userCanceled' | 'applicationHidden' | 'timedOut'): void {
    this.#isComing = false;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    setImmediate(() => this.emit('close', preventable({ reason })));
  }

  /** What a person clicks closes, as everywhere. */
  click(): void {
    this.#mustBeOpen();
    this.#isOpen = false;
    this.emit('click', preventable({}));
    activation?.({ type: 'click', arguments: this.id });
    this.emit('close', preventable({}));
  }

  act(index: number): void {
    this.#mustBeOpen();
    if (this.actions[index] === undefined) throw new Error(`the notification has no action ${index}`);
    this.#isOpen = false;
    this.emit('action', preventable({ actionIndex: index, selectionIndex: -1 }), index, -1);
    activation?.({ type: 'action', arguments: this.id, actionIndex: index });
    this.emit('close', preventable({}));
  }

  report(): NotificationReport {
    return {
      number: this.#number,
      id: this.id,
      title: this.title,
      body: this.body,
      silent: this.silent,
      sound: this.sound,
      urgency: this.urgency,
      timeoutType: this.timeoutType,
      actions: this.actions.map(({ text }) => text ?? ''),
      groupId: this.groupId,
      toastXml: this.toastXml,
      shows: this.#shows,
      isOpen: this.#isOpen,
    };
  }

  #mustBeOpen(): void {
    if (!this.#isOpen) throw new Error(`the notification ${this.#number} is not on the screen`);
  }
}

export const Notification = modelled('Notification', StandInNotification);

function numbered(number: number): StandInNotification {
  const found = all[number - 1];
  if (found === undefined) throw new Unmodelled(`a notification ${number} that was never made`);
  return found;
}

export const notificationControls = {
  notifications: () => all.map((one) => one.report()),
  clickNotification: (number: number) => numbered(number).click(),
  actOnNotification: (number: number, action: number) => numbered(number).act(action),
  closeNotification: (number: number, reason: 'userCanceled' | 'timedOut' = 'userCanceled') =>
    numbered(number).dismiss(reason),
  /** From here on the system refuses them; undefined: it shows them again. */
  failNotifications: (message: string | undefined) => void (failure = message),
};
