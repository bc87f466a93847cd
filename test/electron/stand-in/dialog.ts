import { lifecycle } from './lifecycle.ts';
import { modelled } from './unmodelled.ts';

/** `dialog`: what was asked, and the answers that a test prepared. */

export interface DialogReport {
  readonly kind: 'message' | 'error' | 'open' | 'save';
  readonly title: string;
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

const shown: DialogReport[] = [];
const buttonAnswers: (number | string)[] = [];
const pathAnswers: (readonly string[])[] = [];

type WithWindow<Options> = [Options] | [Electron.BaseWindow, Options];

function optionsOf<Options>(given: WithWindow<Options>): Options {
  lifecycle.requireReady('dialog module can only be used after app is ready');
  return given.length === 1 ? given[0] : given[1];
}

function ask(options: Electron.MessageBoxOptions): number {
  const buttons = options.buttons ?? ['OK'];
  const { title = '', message, detail = '' } = options;
  shown.push({ kind: 'message', title, message, detail, buttons });
  const answer = buttonAnswers.shift();
  // As a person who presses Escape, unless the test said otherwise.
  if (answer === undefined) return options.cancelId ?? 0;
  const index = typeof answer === 'number' ? answer : buttons.indexOf(answer);
  if (buttons[index] === undefined)
    throw new Error(`the dialog has no button ${answer}, only ${buttons.join(', ')}`);
  return index;
}

function choose(kind: 'open' | 'save', title = ''): readonly string[] {
  shown.push({ kind, title, message: '', detail: '', buttons: [] });
  return pathAnswers.shift() ?? [];
}

export const dialog = modelled('dialog', {
  showMessageBox(...given: WithWindow<Electron.MessageBoxOptions>): Promise<Electron.MessageBoxReturnValue> {
    return Promise.resolve({ response: ask(optionsOf(given)), checkboxChecked: false });
  },
  showMessageBoxSync(...given: WithWindow<Electron.MessageBoxSyncOptions>): number {
    return ask(optionsOf(given));
  },
  /** Works before ready: it is what Electron has for telling of a failed start (docs/api/dialog.md). */
  showErrorBox(title: string, content: string): void {
    shown.push({ kind: 'error', title, message: content, detail: '', buttons: ['OK'] });
  },
  showOpenDialog(...given: WithWindow<Electron.OpenDialogOptions>): Promise<Electron.OpenDialogReturnValue> {
    const filePaths = [...choose('open', optionsOf(given).title)];
    return Promise.resolve({ canceled: filePaths.length === 0, filePaths });
  },
  showSaveDialog(...given: WithWindow<Electron.SaveDialogOptions>): Promise<Electron.SaveDialogReturnValue> {
    const [filePath = ''] = choose('save', optionsOf(given).title);
    return Promise.resolve({ canceled: filePath === '', filePath });
  },
} satisfies Partial<Electron.Dialog>);

export const dialogControls = {
  dialogs: (): readonly DialogReport[] => [...shown],
  /** The button of the next message box, by its label or index. */
  answerDialog: (button: number | string) => void buttonAnswers.push(button),
  answerFileDialog: (paths: readonly string[]) => void pathAnswers.push(paths),
};
