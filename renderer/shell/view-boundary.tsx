import { Component, type ReactNode } from 'react';
import { messageOf } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import type { View } from '../stores/session.ts';
import { KeyChip } from '../ui/key-chip.tsx';
import styles from './view-boundary.module.css';

interface BoundaryProps {
  readonly view: View;
  readonly children: ReactNode;
}

interface BoundaryState {
  /** In which the problem was. */
  readonly view: View;
  readonly problem: string | null;
}

/**
 * Keeps the window when a view breaks: rail, bars, keys and palette stay, and another view still opens. A
 * new view begins anew. React offers it to class components only.
 */
export class ViewBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { view: this.props.view, problem: null };

  static getDerivedStateFromError(error: unknown): Pick<BoundaryState, 'problem'> {
    return { problem: messageOf(error) };
  }

  static getDerivedStateFromProps({ view }: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return view === state.view ? null : { view, problem: null };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return (
      <div className={styles.broken} role="alert">
        <h1>This view broke</h1>
        <p>
          That is a bug of OpsSight; what is watched goes on. The cause:{' '}
          <code>{plainText(problem, 300)}</code>
        </p>
        <p>
          <KeyChip chord="g i" /> goes to the inbox, <KeyChip chord="Enter" />{' '}
          <button type="button" autoFocus onClick={() => this.setState({ problem: null })}>
            shows the view again
          </button>
        </p>
      </div>
    );
  }
}
