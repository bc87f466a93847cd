import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CoreExit, CoreProcess, CoreToHost, HostToCore } from './core-messages.ts';
import { Supervisor, type CoreState } from './supervisor.ts';

class FakeCore implements CoreProcess {
  readonly received: HostToCore[] = [];
  killed = false;
  answersPings = true;
  message: (message: CoreToHost) => void = () => undefined;
  exit: (exit: CoreExit) => void = () => undefined;

  send(message: HostToCore): void {
    this.received.push(message);
    if (message.kind === 'ping' && this.answersPings) this.message({ kind: 'pong' });
  }
  onMessage(listener: (message: CoreToHost) => void): void {
    this.message = listener;
  }
  onExit(listener: (exit: CoreExit) => void): void {
    this.exit = listener;
  }
  kill(): void {
    this.killed = true;
    this.exit({ code: null, signal: 'SIGKILL' });
  }
  crash(): void {
    this.exit({ code: 1, signal: null });
  }
}

function supervised() {
  const cores: FakeCore[] = [];
  const states: CoreState[] = [];
  const passedOn: CoreToHost[] = [];
  const supervisor = new Supervisor({
    spawnCore() {
      cores.push(new FakeCore());
      return cores.at(-1)!;
    },
    coreStart: (safeMode) => ({
      dataDirectory: '/data',
      configurationPath: '/opssight.yaml',
      demo: null,
      safeMode,
      discovery: [],
    }),
    onState: (state) => states.push(state),
    onMessage: (message) => passedOn.push(message),
  });
  return { supervisor, cores, states, passedOn, newest: () => cores.at(-1)! };
}

function startMode(core: FakeCore): boolean | undefined {
  const [first] = core.received;
  return first?.kind === 'start' ? first.start.safeMode : undefined;
}

describe('Supervisor', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  it('starts the core, says so, and passes on what is not its own', () => {
    const { supervisor, states, passedOn, newest } = supervised();
    supervisor.start(false);
    expect(startMode(newest())).toBe(false);
    expect(supervisor.state.state).toBe('starting');
    newest().message({ kind: 'ready' });
    newest().message({ kind: 'withdraw', id: 'a' });
    expect(states.map(({ state }) => state)).toEqual(['starting', 'running']);
    expect(passedOn).toEqual([{ kind: 'withdraw', id: 'a' }]);
  });

  it('sends nothing of windows to a core that does not run yet', () => {
    const { supervisor, newest } = supervised();
    supervisor.start(false);
    const sent = vi.fn();
    supervisor.send({ kind: 'link-opened', link: 1 }, sent);
    expect(sent).toHaveBeenCalledOnce();
    newest().message({ kind: 'ready' });
    supervisor.send({ kind: 'link-opened', link: 2 });
    expect(newest().received.map(({ kind }) => kind)).toEqual(['start', 'link-opened']);
  });

  it('restarts with pauses that double from 0.2 to 10 seconds and start anew after a calm minute', () => {
    const { supervisor, cores, states, newest } = supervised();
    supervisor.start(false);
    const pauses: number[] = [];
    for (let crash = 0; crash < 9; crash++) {
      // Slow enough never to reach five crashes within a minute.
      vi.advanceTimersByTime(crash === 8 ? 70_000 : 16_000);
      const count = cores.length;
      newest().crash();
      pauses.push(states.at(-1)!.nextStartAtMs! - Date.now());
      vi.advanceTimersByTime(pauses.at(-1)! - 1);
      expect(cores).toHaveLength(count);
      vi.advanceTimersByTime(1);
      expect(cores).toHaveLength(count + 1);
    }
    expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 200]);
  });

  it('stops after five crashes within a minute and offers safe mode, which starts a core', () => {
    const { supervisor, cores, newest } = supervised();
    supervisor.start(false);
    for (let crash = 0; crash < 5; crash++) {
      newest().crash();
      vi.advanceTimersByTime(10_000);
    }
    expect(cores).toHaveLength(5);
    expect(supervisor.state).toMatchObject({ state: 'stopped', crashes: 5, safeModeOffered: true });
    supervisor.start(true);
    expect(startMode(newest())).toBe(true);
    expect(supervisor.state).toMatchObject({ state: 'starting', crashes: 0, safeModeOffered: false });
    newest().crash();
    vi.advanceTimersByTime(200);
    expect(startMode(newest())).toBe(true);
    expect(cores).toHaveLength(7);
  });

  it('does not restart a core that refuses, and starts it again when asked', () => {
    const { supervisor, cores, newest } = supervised();
    supervisor.start(false);
    newest().message({
      kind: 'refuse',
      failure: { code: 'unavailable', message: 'The journal is newer.', nextStep: 'Update OpsSight.' },
    });
    expect(newest().received.at(-1)).toEqual({ kind: 'stop' });
    newest().exit({ code: 0, signal: null });
    vi.advanceTimersByTime(60_000);
    expect(cores).toHaveLength(1);
    expect(supervisor.state).toMatchObject({
      state: 'stopped',
      crashes: 0,
      safeModeOffered: false,
      message: 'The journal is newer. Update OpsSight.',
    });
    supervisor.start(false);
    expect(cores).toHaveLength(2);
  });

  it('ends a core that hangs, counts it as a crash, and forgives one late answer', () => {
    const { supervisor, cores, newest } = supervised();
    supervisor.start(false);
    newest().message({ kind: 'ready' });
    newest().answersPings = false;
    vi.advanceTimersByTime(9_000);
    newest().message({ kind: 'pong' });
    vi.advanceTimersByTime(10_000);
    expect(newest().killed).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(cores[0]?.killed).toBe(true);
    expect(supervisor.state).toMatchObject({ state: 'restarting', crashes: 1 });
    expect(supervisor.state.message).toContain('did not answer');
  });

  it('does not take a suspended machine for a hung core', () => {
    const { supervisor, newest } = supervised();
    supervisor.start(false);
    newest().answersPings = false;
    vi.advanceTimersByTime(2_000);
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    vi.advanceTimersByTime(2_000);
    expect(newest().killed).toBe(false);
  });

  it('ends in order, by force after five seconds, and starts nothing afterwards', async () => {
    const { supervisor, cores, newest } = supervised();
    supervisor.start(false);
    newest().message({ kind: 'ready' });
    const stopped = supervisor.stop();
    expect(newest().received.at(-1)).toEqual({ kind: 'stop' });
    vi.advanceTimersByTime(4_999);
    expect(newest().killed).toBe(false);
    vi.advanceTimersByTime(1);
    await stopped;
    expect(newest().killed).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(cores).toHaveLength(1);
    expect(supervisor.state.state).toBe('stopped');
    await supervisor.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not start a core whose pause was interrupted by the end', async () => {
    const { supervisor, cores, newest } = supervised();
    supervisor.start(false);
    newest().crash();
    await supervisor.stop();
    vi.advanceTimersByTime(60_000);
    expect(cores).toHaveLength(1);
  });

  it('changes between safe and normal mode by ending the one core in order first', () => {
    const { supervisor, cores, newest } = supervised();
    supervisor.start(true);
    newest().message({ kind: 'ready' });
    supervisor.start(true);
    expect(cores).toHaveLength(1);
    supervisor.start(false);
    expect(cores).toHaveLength(1);
    newest().exit({ code: 0, signal: null });
    expect(cores).toHaveLength(2);
    expect(startMode(newest())).toBe(false);
    expect(supervisor.state).toMatchObject({ state: 'starting', crashes: 0 });
  });
});
