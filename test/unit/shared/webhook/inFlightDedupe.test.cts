import {
	InFlightDedupe,
	type AnswerState,
	type MemoryLimits,
} from '../../../../nodes/shared/webhook/inFlightDedupe';

const LIMITS: MemoryLimits = { stored: 3, pending: 2, pendingMs: 60_000, patienceMs: 8_000 };

/** A clock that moves only when told, and pauses that end when it has moved far enough. */
class ManualTiming {
	private time = 1_000_000;

	private readonly sleepers = new Set<{ until: number; wake: () => void }>();

	longestPauseMs = 0;

	monotonic = () => this.time;

	pause = async (milliseconds: number, signal?: AbortSignal) => {
		this.longestPauseMs = Math.max(this.longestPauseMs, milliseconds);
		await new Promise<void>((wake) => {
			const sleeper = { until: this.time + milliseconds, wake };
			this.sleepers.add(sleeper);
			signal?.addEventListener('abort', () => {
				this.sleepers.delete(sleeper);
				wake();
			});
		});
	};

	get sleeping() {
		return this.sleepers.size;
	}

	async advance(milliseconds: number) {
		const end = this.time + milliseconds;
		while (this.time < end) {
			this.time = Math.min(end, this.time + 50);
			for (const sleeper of [...this.sleepers]) {
				if (sleeper.until > this.time) continue;
				this.sleepers.delete(sleeper);
				sleeper.wake();
			}
			await flush();
		}
	}
}

const flush = async () => await new Promise<void>((resolve) => setImmediate(resolve));

/** One delivery and n8n's answer to it. */
class Delivery {
	answer: AnswerState = 'pending';

	turn: string | undefined;

	constructor(
		private readonly memory: InFlightDedupe,
		readonly key: string,
	) {
		void memory
			.claim(key, () => this.answer)
			.then((turn) => {
				this.turn = turn;
			});
	}

	/** n8n answers, and the response's `finish` or `close` tells the memory. */
	end(answer: AnswerState) {
		this.answer = answer;
		this.memory.resolve(this.key);
	}
}

let timing: ManualTiming;
let memory: InFlightDedupe;
const deliver = (key: string) => new Delivery(memory, key);
const turns = (deliveries: Delivery[]) => deliveries.map(({ turn }) => turn);

beforeEach(() => {
	timing = new ManualTiming();
	memory = new InFlightDedupe(LIMITS, timing);
});

afterEach(() => {
	expect(timing.sleeping).toBe(0);
});

test('of twenty copies at once one goes first; the others are duplicates once it is stored', async () => {
	const copies = Array.from({ length: 20 }, () => deliver('a'));
	await flush();
	expect(turns(copies)).toEqual(['first', ...Array<undefined>(19).fill(undefined)]);
	copies[0].end('stored');
	await flush();
	expect(turns(copies)).toEqual(['first', ...Array<string>(19).fill('duplicate')]);
	expect(memory.size).toEqual({ stored: 1, pending: 0 });
});

test('when the first could not be stored exactly one other takes over', async () => {
	const copies = Array.from({ length: 20 }, () => deliver('a'));
	await flush();
	copies[0].end('lost');
	await flush();
	expect(turns(copies).filter((turn) => turn === 'first')).toHaveLength(2);
	expect(turns(copies).filter((turn) => turn === undefined)).toHaveLength(18);
	copies
		.slice(1)
		.find(({ turn }) => turn === 'first')
		?.end('stored');
	await flush();
	expect(turns(copies).filter((turn) => turn === 'duplicate')).toHaveLength(18);
});

test('a copy that comes later is a duplicate, and one after a loss is not', async () => {
	const [stored, lost] = [deliver('a'), deliver('b')];
	await flush();
	stored.end('stored');
	lost.end('lost');
	const late = [deliver('a'), deliver('b')];
	await flush();
	expect(turns(late)).toEqual(['duplicate', 'first']);
	late[1].end('lost');
});

test('a turn given back is free for the next copy, also for one that waits', async () => {
	const first = deliver('a');
	await flush();
	const waiting = deliver('a');
	await flush();
	memory.release('a');
	await flush();
	expect(turns([first, waiting])).toEqual(['first', 'first']);
	waiting.end('stored');
	memory.release('nothing known');
	memory.resolve('nothing known');
	expect(memory.size).toEqual({ stored: 1, pending: 0 });
});

describe('when the sender hung up before n8n answered', () => {
	test('a copy sees the answer n8n gave after all, within a quarter of a second', async () => {
		const first = deliver('a');
		await flush();
		first.end('pending');
		const copy = deliver('a');
		await timing.advance(3_000);
		expect(copy.turn).toBeUndefined();
		first.answer = 'stored';
		await timing.advance(300);
		expect(copy.turn).toBe('duplicate');
	});

	test('a copy gives up before its own sender does, and starts nothing', async () => {
		const first = deliver('a');
		const copy = deliver('a');
		await timing.advance(7_900);
		expect(copy.turn).toBeUndefined();
		await timing.advance(200);
		expect(copy.turn).toBe('undecided');
		first.end('stored');
		const later = deliver('a');
		await flush();
		expect(later.turn).toBe('duplicate');
		expect(timing.longestPauseMs).toBeLessThanOrEqual(250);
	});

	test('a delivery that never gets an answer holds others back only for a while', async () => {
		deliver('a');
		await timing.advance(LIMITS.pendingMs + 100);
		const later = deliver('a');
		await flush();
		expect(later.turn).toBe('first');
		later.end('stored');
	});
});

describe('bounded memory', () => {
	test('forgets the oldest stored deliveries', async () => {
		for (const key of ['a', 'b', 'c', 'd', 'e']) {
			const delivery = deliver(key);
			await flush();
			delivery.end('stored');
		}
		expect(memory.size).toEqual({ stored: LIMITS.stored, pending: 0 });
		const again = [deliver('e'), deliver('a')];
		await flush();
		expect(turns(again)).toEqual(['duplicate', 'first']);
		again[1].end('stored');
	});

	test('turns away new deliveries while too many are being stored', async () => {
		const held = [deliver('a'), deliver('b')];
		const refused = deliver('c');
		await flush();
		expect(refused.turn).toBe('full');
		held[0].answer = 'stored';
		const next = deliver('c');
		await flush();
		expect(next.turn).toBe('first');
		expect(memory.size).toEqual({ stored: 1, pending: 2 });
		held[1].end('stored');
		next.end('stored');
	});
});
