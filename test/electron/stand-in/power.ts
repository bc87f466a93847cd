import { lifecycle } from './lifecycle.ts';
import { modelled, preventable, StandInEmitter } from './unmodelled.ts';

/** `powerMonitor`. Its documentation forbids it before ready; later Electron lets listeners be set. */

const powerEvents = [
  'suspend',
  'resume',
  'lock-screen',
  'unlock-screen',
  'on-ac',
  'on-battery',
  'shutdown',
] as const;
export type PowerEventName = (typeof powerEvents)[number];

class StandInPowerMonitor
  extends StandInEmitter
  implements
    Pick<
      Electron.PowerMonitor,
      'getSystemIdleState' | 'getSystemIdleTime' | 'isOnBatteryPower' | 'onBatteryPower'
    >
{
  onBatteryPower = false;
  isLocked = false;
  idleSeconds = 0;

  constructor() {
    super('powerMonitor', powerEvents);
  }

  override on(event: string, listener: (...args: never[]) => void): this {
    lifecycle.requireReady("The 'powerMonitor' module can't be used before the app 'ready' event");
    return super.on(event, listener);
  }

  getSystemIdleState(threshold: number): 'active' | 'idle' | 'locked' {
    if (this.isLocked) return 'locked';
    return this.idleSeconds >= threshold ? 'idle' : 'active';
  }

  getSystemIdleTime(): number {
    return this.idleSeconds;
  }

  isOnBatteryPower(): boolean {
    return this.onBatteryPower;
  }
}

const monitor = new StandInPowerMonitor();
export const powerMonitor = modelled('powerMonitor', monitor);

export const powerControls = {
  /** @returns whether the app had the system wait. */
  power: (event: PowerEventName) => {
    if (event === 'lock-screen') monitor.isLocked = true;
    if (event === 'unlock-screen') monitor.isLocked = false;
    if (event === 'on-battery') monitor.onBatteryPower = true;
    if (event === 'on-ac') monitor.onBatteryPower = false;
    const told = preventable({});
    monitor.emit(event, told);
    return told.defaultPrevented;
  },
  idleFor: (seconds: number) => void (monitor.idleSeconds = seconds),
};
