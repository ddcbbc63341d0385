/** Longest delay setTimeout takes; later moments are reached in several steps. */
const LONGEST_TIMEOUT_MILLISECONDS = 2 ** 31 - 1;

interface Appointment {
	dueAt: number;
	run: () => void;
	timer?: NodeJS.Timeout;
}

/**
 * The simulator's own time: starts at the real time, runs `scale` times as fast and can be moved forward.
 * All moments are Unix milliseconds of this clock.
 */
export class SimulatedClock {
	readonly scale: number;
	private readonly startedAt = Date.now();
	private readonly startedMonotonic = performance.now();
	private advancedMilliseconds = 0;
	private readonly appointments = new Set<Appointment>();

	constructor(scale = 1) {
		if (!(scale > 0)) throw new Error(`time scale must be greater than 0, got ${scale}`);
		this.scale = scale;
	}

	/** Now, in milliseconds of the simulated clock. */
	now(): number {
		const elapsed = (performance.now() - this.startedMonotonic) * this.scale;
		return Math.floor(this.startedAt + elapsed + this.advancedMilliseconds);
	}

	/** Now, in Unix seconds of the simulated clock. */
	seconds(): number {
		return Math.floor(this.now() / 1000);
	}

	/** Real milliseconds until the given moment; 0 when it has passed. */
	realMillisecondsUntil(moment: number): number {
		return Math.max(0, (moment - this.now()) / this.scale);
	}

	/** Moves the clock forward; what falls due on the way runs at once. */
	advance(seconds: number): void {
		if (!(seconds >= 0)) throw new Error(`the clock only goes forward, got ${seconds} s`);
		this.advancedMilliseconds += seconds * 1000;
		for (const appointment of this.appointments) this.arm(appointment);
	}

	/** Runs something at a moment of this clock, never synchronously. Returns a function that cancels it. */
	at(moment: number, run: () => void): () => void {
		const appointment: Appointment = { dueAt: moment, run };
		this.appointments.add(appointment);
		this.arm(appointment);
		return () => this.drop(appointment);
	}

	/** Cancels everything that is still to come. */
	stop(): void {
		for (const appointment of this.appointments) clearTimeout(appointment.timer);
		this.appointments.clear();
	}

	private arm(appointment: Appointment): void {
		clearTimeout(appointment.timer);
		const wait = Math.ceil(this.realMillisecondsUntil(appointment.dueAt));
		appointment.timer = setTimeout(
			() => {
				if (this.now() < appointment.dueAt) return this.arm(appointment);
				this.drop(appointment);
				appointment.run();
			},
			Math.min(wait, LONGEST_TIMEOUT_MILLISECONDS),
		);
		appointment.timer.unref();
	}

	private drop(appointment: Appointment): void {
		clearTimeout(appointment.timer);
		this.appointments.delete(appointment);
	}
}
