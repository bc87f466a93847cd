import MarkdownIt from 'markdown-it';
import { createElement, Fragment, useMemo, type ReactNode } from 'react';
import { plainText } from '#shared/text.ts';
import { visibleText } from './log-text.ts';
import styles from './markdown.module.css';
import { safeHref } from './safe-link.ts';
import { StepsContext, TaskItem, type Steps } from './task-item.tsx';
import { takeSteps, type TaskStep } from './task-steps.ts';

/**
 * Markdown as React elements, made of the parser's tokens: there is no HTML on the way, so nothing that a
 * runbook says can become markup. HTML in the text stays text; images are their description.
 */
const parser = new MarkdownIt({ html: false, linkify: false, typographer: false, maxNesting: 20 });
type Token = ReturnType<typeof parser.parse>[number];

const maxCharacters = 262_144;
/** The elements that tokens may become; any other token shows its content as text. */
const elements = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'li',
  'blockquote',
  'strong',
  'em',
  's',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
]);

interface MarkdownProps {
  readonly text: string;
  /** Where the steps of the text stand; without it nobody can tick them. */
  readonly steps?: Steps;
}

export function Markdown({ text, steps }: MarkdownProps) {
  const children = useMemo(() => childrenOfText(text), [text]);
  return (
    <StepsContext value={steps ?? null}>
      <div className={styles.markdown}>{children}</div>
    </StepsContext>
  );
}

/** The digests of the steps of a text, with whether its author ticked them. */
export function stepsOf(text: string): ReadonlyMap<string, boolean> {
  const tasks = takeSteps(parser.parse(text.slice(0, maxCharacters), {})).values();
  return new Map([...tasks].map(({ step, isWrittenDone }) => [step.digest, isWrittenDone]));
}

type Tasks = ReadonlyMap<Token, TaskStep>;

function childrenOfText(text: string): ReactNode[] {
  const tokens = parser.parse(text.slice(0, maxCharacters), {});
  return childrenOf(tokens, takeSteps(tokens));
}

interface Open {
  readonly token: Token | null;
  readonly children: ReactNode[];
}

/** Folds the flat list of opening and closing tokens into a tree. */
function childrenOf(tokens: readonly Token[], tasks: Tasks): ReactNode[] {
  const root: Open = { token: null, children: [] };
  const open: Open[] = [root];
  for (const token of tokens) {
    const parent = open.at(-1) ?? root;
    if (token.nesting === 1) open.push({ token, children: [] });
    else if (token.nesting === -1 && open.length > 1) {
      open.pop();
      const key = (open.at(-1) ?? root).children.length;
      (open.at(-1) ?? root).children.push(elementOf(parent.token, parent.children, key, tasks));
    } else parent.children.push(leafOf(token, parent.children.length, tasks));
  }
  return root.children;
}

function elementOf(
  token: Token | null,
  children: readonly ReactNode[],
  key: number,
  tasks: Tasks,
): ReactNode {
  const task = token === null ? undefined : tasks.get(token);
  if (task !== undefined) {
    const [words, ...below] = children;
    return (
      <TaskItem key={key} task={task} words={words}>
        {below}
      </TaskItem>
    );
  }
  if (token?.tag === 'a') return linkOf(token, children, key);
  // A paragraph of a tight list is no block of its own.
  if (token === null || token.hidden || !elements.has(token.tag))
    return <Fragment key={key}>{children}</Fragment>;
  // The page has its own first headings.
  const tag = /^h[1-4]$/.test(token.tag) ? `h${Number(token.tag[1]) + 2}` : token.tag;
  return createElement(tag, { key }, ...children);
}

function linkOf(token: Token, children: readonly ReactNode[], key: number): ReactNode {
  const href = safeHref(String(token.attrGet('href') ?? ''));
  if (href === null) return <Fragment key={key}>{children}</Fragment>;
  return (
    <a key={key} href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

function leafOf(token: Token, key: number, tasks: Tasks): ReactNode {
  switch (token.type) {
    case 'inline':
      return <Fragment key={key}>{childrenOf(token.children ?? [], tasks)}</Fragment>;
    case 'softbreak':
      return ' ';
    case 'hardbreak':
      return <br key={key} />;
    case 'hr':
      return <hr key={key} />;
    case 'code_inline':
      return <code key={key}>{visibleText(token.content, 2_000)}</code>;
    case 'fence':
    case 'code_block':
      return (
        <pre key={key} tabIndex={0}>
          {codeOf(token.content)}
        </pre>
      );
    default:
      return textOf(token.content);
  }
}

/** A command is copied as it stands: its lines and indents stay, what cannot be seen is written out. */
function codeOf(text: string): string {
  return text
    .slice(0, 20_000)
    .trimEnd()
    .split('\n')
    .map((line) => visibleText(line, 2_000))
    .join('\n');
}

/** A piece of a sentence: the spaces at its ends part it from its neighbours. */
function textOf(text: string): string {
  const words = plainText(text, 20_000);
  if (words === '') return text === '' ? '' : ' ';
  return `${/^\s/u.test(text) ? ' ' : ''}${words}${/\s$/u.test(text) ? ' ' : ''}`;
}
