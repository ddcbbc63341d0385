import fc from 'fast-check';
import {
	CreatedTasks,
	type CreateAttempt,
} from '../../../../../nodes/HiApi/generation/create/createdTasks';
import { UnansweredCreates } from '../../../../../nodes/HiApi/generation/create/unansweredCreates';
import type { Caller } from '../../../../../nodes/HiApi/generation/ports/ports';

const NOW = 1_800_000_000_000;
const RUN = 5;

/** A purchase of an earlier run or try, in any state. */
const purchase: fc.Arbitrary<CreateAttempt> = fc
	.record({
		key: fc.constantFrom('', 'key'),
		userKey: fc.constantFrom(undefined, 'mine'),
		requestHash: fc.constantFrom('a', 'b'),
		attempt: fc.nat(2),
		retries: fc.nat(2),
		startedAt: fc.constantFrom(NOW - 60_000, NOW - 30 * 3_600_000),
		taskId: fc.constantFrom(undefined, 'tk-1'),
		withoutResult: fc.constantFrom(undefined, 'resultPending' as const, 'failed' as const),
		gone: fc.constantFrom(undefined, true),
	})
	.map((one) => one as CreateAttempt);

const memories = fc.record({
	places: fc.array(fc.tuple(fc.constantFrom(4, RUN), fc.nat(4), purchase), { maxLength: 8 }),
	elsewhere: fc.array(purchase, { maxLength: 3 }),
	kind: fc.constantFrom('workflow' as const, 'client' as const, 'anyClient' as const),
	reuse: fc.constantFrom('unconfirmed' as const, 'unfinished' as const, 'any' as const),
	items: fc.array(
		fc.record({
			hash: fc.constantFrom('a', 'b'),
			userKey: fc.constantFrom(undefined, 'mine'),
		}),
		{ minLength: 1, maxLength: 5 },
	),
});

it('says beforehand which items find their task again, and changes nothing', () => {
	fc.assert(
		fc.property(memories, ({ places, elsewhere, kind, reuse, items }) => {
			const store = {};
			const memory = new CreatedTasks(store, '100');
			for (const [run, item, one] of places) memory.begin(run, item, { ...one });
			const caller: Caller = { kind, id: 'x' };
			const unanswered = new UnansweredCreates(100);
			for (const one of elsewhere) {
				const copy = { ...one };
				unanswered.begin(caller, copy, NOW - 60_000);
				unanswered.end(copy, 'error', NOW - 50_000);
			}
			const before = JSON.stringify(store);
			const claimed = new Set<CreateAttempt>();
			const foreseen = items.map(({ hash, userKey }, index) => {
				const found = memory.foresee(RUN, index, hash, NOW, userKey, reuse, claimed, () =>
					unanswered.peek(caller, hash, userKey, NOW, claimed),
				);
				if (found !== undefined) claimed.add(found);
				return found?.taskId !== undefined;
			});
			expect(JSON.stringify(store)).toBe(before);
			const decided = items.map(
				({ hash, userKey }, index) =>
					memory.decide(RUN, index, hash, NOW, userKey, reuse, () =>
						unanswered.take(caller, hash, userKey, NOW),
					).action === 'wait',
			);
			expect(decided).toEqual(foreseen);
		}),
		{ numRuns: 500 },
	);
});
