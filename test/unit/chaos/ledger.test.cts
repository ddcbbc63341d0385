import { balance, type Books, type SeenExecution, type SoldTask } from '../../chaos/ledger.cts';
import type { Order, Way } from '../../chaos/schedule.cts';

const order = (id: string, way: Way): Order => ({ id, way, plan: {} });
const task = (taskId: string, orderId: string, more: Partial<SoldTask> = {}): SoldTask => ({
	taskId,
	prompt: `words for ${orderId}`,
	ended: true,
	acknowledged: false,
	...more,
});
const execution = (
	id: string,
	workflow: SeenExecution['workflow'],
	more: Partial<SeenExecution> = {},
): SeenExecution => ({
	id,
	workflow,
	status: 'success',
	text: '',
	begun: '',
	itemTasks: [],
	nextTasks: [],
	withoutFile: [],
	...more,
});

/** An execution that delivers a task for an order. */
const delivering = (
	id: string,
	workflow: SeenExecution['workflow'],
	taskId: string,
	orderId: string,
	more: Partial<SeenExecution> = {},
) =>
	execution(id, workflow, {
		text: `${orderId} ${taskId}`,
		itemTasks: [taskId],
		nextTasks: [taskId],
		...more,
	});

/** One order of each way, all delivered once. */
const balanced = (): Books => ({
	orders: [
		order('order-1', 'keyed'),
		order('order-2', 'polled'),
		order('order-3', 'suspended'),
		order('order-4', 'created'),
	],
	tasks: [
		task('tk-1', 'order-1'),
		task('tk-2', 'order-2'),
		task('tk-3', 'order-3', { acknowledged: true }),
		task('tk-4', 'order-4', { acknowledged: true }),
	],
	executions: [
		delivering('1', 'keyed', 'tk-1', 'order-1'),
		delivering('2', 'polled', 'tk-2', 'order-2'),
		delivering('3', 'suspended', 'tk-3', 'order-3'),
		delivering('4', 'created', 'tk-4', 'order-4'),
		delivering('5', 'trigger', 'tk-4', ''),
		...['tk-1', 'tk-2', 'tk-3', 'tk-4'].map((taskId, index) =>
			delivering(String(6 + index), 'pollingTrigger', taskId, ''),
		),
	],
	log: 'ready',
	secrets: { 'the API key': 'sk-secret' },
});

const problemsAfter = (change: (books: Books) => void): string[] => {
	const books = balanced();
	change(books);
	return balance(books).problems;
};
const executionOf = (books: Books, id: string) => books.executions.find((one) => one.id === id)!;
const without = (books: Books, ...ids: string[]) => {
	books.executions = books.executions.filter(({ id }) => !ids.includes(id));
};

test('balanced books have no problems, and rows that say so', () => {
	const ledger = balance(balanced());
	expect(ledger.problems).toEqual([]);
	expect(
		ledger.rows.map(({ way, orders, bought, delivered }) => [way, orders, bought, delivered]),
	).toEqual([
		['created', 1, 1, 1],
		['keyed', 1, 1, 1],
		['polled', 1, 1, 1],
		['suspended', 1, 1, 1],
	]);
	expect(ledger.triggers).toEqual({ ended: 4, acknowledged: 1, trigger: 1, pollingTrigger: 4 });
	expect(ledger.executions.pollingTrigger).toEqual({ success: 4 });
});

describe('purchases', () => {
	test('with a key: neither two nor none', () => {
		const again = (books: Books) => {
			books.tasks.push(task('tk-9', 'order-1'));
			books.executions.push(delivering('20', 'keyed', 'tk-9', 'order-1'));
			books.executions.push(delivering('21', 'pollingTrigger', 'tk-9', ''));
		};
		expect(problemsAfter(again)).toEqual([
			'order-1 (keyed) was bought 2 times, allowed: 1 to 1 (tk-1, tk-9)',
		]);
		const never = (books: Books) => {
			books.tasks.shift();
			without(books, '1', '6');
		};
		expect(problemsAfter(never)).toEqual([
			'order-1 (keyed) was bought 0 times, allowed: 1 to 1 ()',
		]);
	});

	test.each(['polled', 'created'] as const)(
		'%s, without a key: once per execution, and no more for its retries',
		(way) => {
			const id = way === 'polled' ? '2' : '4';
			const orderId = `order-${id}`;
			const anew = (retryOf?: string) =>
				problemsAfter((books) => {
					books.tasks.push(task('tk-9', orderId));
					books.executions.push(delivering('20', way, 'tk-9', orderId, { retryOf }));
					books.executions.push(delivering('21', 'pollingTrigger', 'tk-9', ''));
				});
			expect(anew()).toEqual([]);
			expect(anew(id)).toEqual([expect.stringContaining('bought 2 times, allowed: 1 to 1')]);
		},
	);

	test('suspended: once per execution, retries are executions of their own', () => {
		const retried = problemsAfter((books) => {
			books.tasks.push(task('tk-9', 'order-3'));
			books.executions.push(delivering('20', 'suspended', 'tk-9', 'order-3', { retryOf: '3' }));
			books.executions.push(delivering('21', 'pollingTrigger', 'tk-9', ''));
		});
		expect(retried).toEqual([]);
		const twice = problemsAfter((books) => {
			books.tasks.push(task('tk-9', 'order-3'));
			executionOf(books, '3').text += ' tk-9';
			books.executions.push(delivering('21', 'pollingTrigger', 'tk-9', ''));
		});
		expect(twice).toEqual([expect.stringContaining('bought 2 times, allowed: 1 to 1')]);
	});

	test('an execution that succeeded without its purchase', () => {
		const problems = problemsAfter((books) => {
			books.tasks.splice(1, 1);
			without(books, '7');
		});
		expect(problems).toEqual(['order-2 (polled) was bought 0 times, allowed: 1 to 1 ()']);
	});

	test.each([
		'it is not known whether HiAPI created the task',
		'The task was not created',
		'No task was created and nothing was charged.',
	])('an execution that says it could not buy: %s', (words) => {
		const problems = problemsAfter((books) => {
			books.tasks.splice(1, 1);
			without(books, '7');
			executionOf(books, '2').text = `order-2: ${words}`;
		});
		expect(problems).toEqual([]);
	});

	test('of an execution that n8n has given up, with nothing left in it', () => {
		const given = (begun: string) =>
			problemsAfter((books) =>
				Object.assign(executionOf(books, '2'), {
					status: 'error',
					text: 'gave up',
					begun,
					itemTasks: [],
					nextTasks: [],
				}),
			);
		expect(given('order-2')).toEqual([]);
		expect(given('')).toEqual(['order-2 (polled) was bought 1 times, allowed: 0 to 0 (tk-2)']);
	});

	test('a task that nobody ordered', () => {
		const problems = problemsAfter((books) => {
			books.tasks.push(task('tk-9', 'nobody', { ended: false }));
		});
		expect(problems).toEqual(['tk-9 was bought for nobody']);
	});
});

describe('where bought tasks are', () => {
	const places = (change: (books: Books) => void) => {
		const books = balanced();
		change(books);
		const { rows, problems } = balance(books);
		const { places } = rows.find(({ way }) => way === 'polled')!;
		return { found: Object.entries(places).filter(([, count]) => count > 0), problems };
	};
	const lost = (books: Books) =>
		Object.assign(executionOf(books, '2'), { itemTasks: [], nextTasks: [], text: 'order-2' });

	test('in an item, an error, the log or the polling trigger, in this order', () => {
		expect(places(() => undefined).found).toEqual([['item', 1]]);
		const inError = (books: Books) => (lost(books).text += ' failed: tk-2');
		expect(places(inError).found).toEqual([['error', 1]]);
		expect(places(lost)).toEqual({ found: [['polling trigger', 1]], problems: [] });
		const inLog = (books: Books) => {
			lost(books);
			books.log = 'bought tk-2';
		};
		expect(places(inLog)).toEqual({ found: [['log', 1]], problems: [] });
	});

	test('nowhere', () => {
		const { found, problems } = places((books) => {
			lost(books);
			books.tasks[1].ended = false;
			without(books, '7');
		});
		expect(found).toEqual([['nowhere', 1]]);
		expect(problems).toEqual(['tk-2 (polled, order-2) was paid for and is nowhere']);
	});
});

describe('the next node', () => {
	test('twice in one execution', () => {
		expect(problemsAfter((books) => executionOf(books, '1').nextTasks.push('tk-1'))).toEqual([
			'the node after keyed got tk-1 2 times in execution 1',
		]);
	});

	test.each(['trigger', 'pollingTrigger'] as const)('behind the %s: in two executions', (name) => {
		const again = (books: Books) => books.executions.push(delivering('30', name, 'tk-4', ''));
		expect(problemsAfter(again)).toEqual([
			expect.stringContaining(`the node after ${name} got tk-4 in 2 executions`),
		]);
	});

	test('a key that was sent again after a delivery is no problem: README says so', () => {
		const again = (books: Books) =>
			books.executions.push(delivering('30', 'keyed', 'tk-1', 'order-1'));
		expect(problemsAfter(again)).toEqual([]);
	});
});

test('a file that is missing without a word', () => {
	expect(problemsAfter((books) => executionOf(books, '2').withoutFile.push('tk-2'))).toEqual([
		'polled left out the file of tk-2 in execution 2 without a word',
	]);
});

test('a callback that was accepted and came to nothing', () => {
	expect(problemsAfter((books) => without(books, '5'))).toEqual([
		'the callback of tk-4 was accepted, and no execution has it',
	]);
});

test('a callback whose execution n8n has given up, with all it was called with', () => {
	const givenUp = (books: Books) =>
		Object.assign(executionOf(books, '5'), { status: 'error', text: 'no database', nextTasks: [] });
	expect(problemsAfter(givenUp)).toEqual([]);
	const andNotPolled = (books: Books) => {
		givenUp(books);
		books.executions = books.executions.filter(
			({ workflow, text }) => workflow !== 'pollingTrigger' || !text.includes('tk-4'),
		);
	};
	expect(problemsAfter(andNotPolled)).toEqual(['the polling trigger never brought tk-4']);
});

describe('an execution of the polling trigger that n8n has given up, with all it was called with', () => {
	const STARTS = 'HiAPI Polling Trigger starts the workflow with';
	const givenUp = (books: Books) =>
		Object.assign(executionOf(books, '6'), { status: 'error', text: 'no database', nextTasks: [] });

	test('its tasks are named in the log', () => {
		const problems = problemsAfter((books) => {
			givenUp(books);
			books.log += `\n${STARTS} 2 tasks: tk-1, tk-9\n`;
		});
		expect(problems).toEqual([]);
	});

	test.each(['', `${STARTS} 1 task: tk-2`, 'HiAPI task tk-1 was created'])(
		'its tasks are not named in the log: %s',
		(log) => {
			const problems = problemsAfter((books) => {
				givenUp(books);
				books.log += `\n${log}\n`;
			});
			expect(problems).toEqual(['the polling trigger never brought tk-1']);
		},
	);

	test('one is not as many as two batches', () => {
		const problems = problemsAfter((books) => {
			givenUp(books);
			without(books, '7');
			books.log += `\n${STARTS} 1 task: tk-1\n${STARTS} 1 task: tk-2\n`;
		});
		expect(problems).toEqual(['the polling trigger never brought tk-2']);
	});
});

test('what only the log of the polling trigger names is not in the log of who ordered it', () => {
	const books = balanced();
	Object.assign(executionOf(books, '2'), { text: 'order-2', itemTasks: [], nextTasks: [] });
	books.log += '\nHiAPI Polling Trigger starts the workflow with 1 task: tk-2\n';
	const row = balance(books).rows.find(({ way }) => way === 'polled');
	expect(row?.places).toMatchObject({ log: 0, 'polling trigger': 1 });
});

test('a task the polling trigger never brought', () => {
	expect(problemsAfter((books) => without(books, '6'))).toEqual([
		'the polling trigger never brought tk-1',
	]);
});

test.each(['new', 'running', 'waiting', 'unknown'])('an execution that stays "%s"', (status) => {
	const problems = problemsAfter((books) => (executionOf(books, '5').status = status));
	expect(problems).toEqual([`execution 5 (trigger) is still "${status}"`]);
});

test('a secret in a log', () => {
	expect(problemsAfter((books) => (books.log += ' sk-secret'))).toEqual([
		'the API key is in a log',
	]);
});
