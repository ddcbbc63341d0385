import type { Timing } from '../../nodes/shared/clock';

interface Sleeper {
	at: number;
	order: number;
	wake(): void;
}

/** A clock that jumps to the next sleeper as soon as nothing else is left to do. Times in milliseconds. */
export class VirtualTiming implements Timing {
	private readonly sleepers: Sleeper[] = [];
	private order = 0;
	private jumping = false;
	private elapsed = 0;
	/** By how much somebody has set the clock forwards, or backwards. */
	clockErrorMs = 0;

	constructor(
		private readonly startMs = 1_000_000_000_000,
		private readonly randomNumber = 0.5,
	) {}

	now(): number {
		return this.startMs + this.elapsed + this.clockErrorMs;
	}

	monotonic(): number {
		return this.elapsed;
	}

	random(): number {
		return this.randomNumber;
	}

	async pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
		if (signal?.aborted) return;
		await new Promise<void>((resolve) => {
			const stop = () => {
				const index = this.sleepers.indexOf(sleeper);
				if (index >= 0) this.sleepers.splice(index, 1);
				resolve();
			};
			const sleeper: Sleeper = {
				at: this.elapsed + Math.max(0, milliseconds),
				order: this.order++,
				wake: () => {
					signal?.removeEventListener('abort', stop);
					resolve();
				},
			};
			this.sleepers.push(sleeper);
			signal?.addEventListener('abort', stop, { once: true });
			this.jump();
		});
	}

	private jump(): void {
		if (this.jumping) return;
		this.jumping = true;
		// A macrotask later every promise that could go on without time passing has gone on.
		setImmediate(() => {
			this.jumping = false;
			this.sleepers.sort((a, b) => a.at - b.at || a.order - b.order);
			const next = this.sleepers.shift();
			if (next === undefined) return;
			this.elapsed = Math.max(this.elapsed, next.at);
			next.wake();
			if (this.sleepers.length > 0) this.jump();
		});
	}
}
