import { setTimeout as sleep } from 'node:timers/promises';

/** Something that runs as a process of its own. */
export interface Service {
	name: string;
	/** Returns when it is ready. */
	start: () => Promise<void>;
	/** Ends it with `kill -9`. */
	kill: () => Promise<void>;
	isRunning: () => boolean;
}

const LOOKS_EVERY_MILLISECONDS = 250;

/** Starts a service again whenever it has ended, as a supervisor in production does, but no sooner than it may. */
export class KeptUp {
	/** How often it was killed, and how often it ended by itself. */
	readonly counts = { killed: 0, endedItself: 0, failedStarts: 0 };
	private downUntil = 0;
	private isUp = false;
	private closing = false;
	private work?: Promise<void>;

	constructor(
		readonly service: Service,
		private readonly tell: (line: string) => void,
	) {}

	/** Starts it for the first time; from then on it is kept up. */
	async open(): Promise<void> {
		await this.service.start();
		this.isUp = true;
		this.work = this.keep();
	}

	/** Ends it now and lets it stay down for so many seconds. */
	async kill(downSeconds: number): Promise<void> {
		this.downUntil = Date.now() + downSeconds * 1000;
		if (!this.service.isRunning()) return;
		this.counts.killed += 1;
		this.isUp = false;
		await this.service.kill();
	}

	/** Waits until it is ready. Throws when it is not in time. */
	async untilUp(withinMilliseconds: number): Promise<void> {
		const deadline = Date.now() + withinMilliseconds;
		while (!(this.isUp && this.service.isRunning())) {
			if (Date.now() > deadline) throw new Error(`${this.service.name} did not come up again.`);
			await sleep(LOOKS_EVERY_MILLISECONDS);
		}
	}

	/** Ends it for good. */
	async close(): Promise<void> {
		this.closing = true;
		await this.service.kill().catch(() => undefined);
		await this.work;
		await this.service.kill().catch(() => undefined);
	}

	private async keep(): Promise<void> {
		for (; !this.closing; await sleep(LOOKS_EVERY_MILLISECONDS)) {
			if (this.service.isRunning()) continue;
			if (this.isUp) {
				this.counts.endedItself += 1;
				this.tell(`${this.service.name} has ended by itself`);
			}
			this.isUp = false;
			if (Date.now() < this.downUntil) continue;
			try {
				await this.service.start();
				this.isUp = true;
				this.tell(`${this.service.name} is up again`);
			} catch (error) {
				if (this.closing) return;
				this.counts.failedStarts += 1;
				this.tell(`${this.service.name}: ${(error as Error).message.split('\n')[0]}`);
			}
		}
	}
}
