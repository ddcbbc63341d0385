import { FILES } from './files.cts';
import { engine, mutantsOf, unit, type Mutant } from './mutant.cts';

/** Which task an item gets: a new one, or the one it has already. */
export const CREATE_MUTANTS: Mutant[] = [
	...mutantsOf(
		FILES.idempotencyKey,
		unit('HiApi/generation/create/taskCreator|HiApi/generation/request/idempotencyKey'),
		[
			['all items share a key', 'identity.itemIndex,', ''],
			['all executions share a key', 'identity.executionId,', ''],
			['nodes with one id share a key', 'identity.nodeName,', ''],
			['all rounds of a loop share a key', 'identity.runIndex,', ''],
			['a new purchase keeps the key of the last', 'identity.attempt,', ''],
			['another body keeps the key', 'bodyHash(identity.body),', ''],
			['a replaced task keeps its key', 'retries === 0 ? userKey', 'true ? userKey'],
			['a key with a line break is sent', '!/^[\\x20-\\x7e]+$/.test(key)', 'false'],
		],
	),
	...mutantsOf(
		FILES.createdTasks,
		unit('HiApi/generation/create/taskCreator|HiApi/generation/create/createdTasks'),
		[
			[
				'the memory does not tell items apart',
				'return `${runIndex}:${itemIndex}`',
				'return `${runIndex}:`',
			],
			[
				'the memory does not tell runs apart',
				'return `${runIndex}:${itemIndex}`',
				'return `0:${itemIndex}`',
			],
			['a lost answer gets a new key', "record.uncertain ||= outcome === 'unknown';", ''],
			['what was never sent gets a new key', "if (outcome === 'refused') record", 'record'],
			['a refused purchase keeps its key', "record.key = '';", ''],
			['a forgotten key is sent again', 'if (keySent && nowMs', 'if (false && nowMs'],
			[
				'the retry of an execution makes new keys',
				'this.executionId = known.executionId as string',
				'this.executionId = executionId',
			],
			[
				'a task that is there is bought again',
				'if (record.taskId !== undefined) return { action',
				'if (false) return { action',
			],
			[
				'what was delivered is taken over',
				'if (record.withoutResult === undefined || record.gone === true) return false',
				'if (false) return false',
			],
			['another request gets the task', 'record.requestHash === requestHash &&', ''],
		],
	),
	...mutantsOf(
		FILES.unansweredCreates,
		unit('HiApi/generation/create/purchaseAskedAgain|HiApi/generation/create/unansweredCreates'),
		[
			['a task of another account is given away', 'entry.caller.id === caller.id &&', ''],
			['who asks for something else gets the task', 'record.requestHash === requestHash &&', ''],
			['two calls of a loop share a task', "if (caller.kind !== 'client') return false;", ''],
			['two executions get one task', 'record.gone = true;', ''],
			[
				'a task that an item names is given to another call',
				"return by === 'error' || (by === 'item' && taskId === undefined);",
				"return by !== 'result';",
			],
			[
				'a task whose failure was told is waited for again',
				"if (key === '' || withoutResult === 'failed') return false;",
				"if (key === '') return false;",
			],
			[
				'a client that asks at once for two pictures gets one',
				'const SIMULTANEOUS_MS = 2_000',
				'const SIMULTANEOUS_MS = 0',
			],
			[
				'what a caller has got is given away again',
				'if (mayBeAskedForAgain(entry, record, by, nowMs)) entry',
				'if (true) entry',
			],
			['two calls get one task', 'this.entries.delete(record);\n\t\tconst taken', 'const taken'],
			[
				'a key is sent again that HiAPI has forgotten',
				'if (nowMs - record.startedAt >= KEY_LIFETIME_MS) this',
				'if (false) this',
			],
		],
	),
	...mutantsOf(FILES.runIndex, unit('HiApi/n8n/runIndex'), [
		[
			'a run that n8n made up after a crash counts',
			'index > 0 && isMadeUp(firstRun(context))',
			'false',
		],
		[
			'only a crash in the node itself is seen',
			'item?.json?.isArtificialRecoveredEventItem === true',
			'false',
		],
		['every earlier run is taken for made up', 'isMadeUp(firstRun(context))', 'true'],
	]),
	...mutantsOf(FILES.executionIdentity, unit('HiApi/n8n/executionIdentity'), [
		[
			'a retry has other keys than its execution',
			'return token === undefined',
			'return token !== null',
		],
		['tools without an execution share their keys', '`call ${randomUUID()}`', "'call'"],
	]),
	...mutantsOf(FILES.caller, unit('HiApi/n8n/caller|HiApi/generation/create/purchaseAskedAgain'), [
		['sessions are not told apart', 'baseUrl, session]', 'baseUrl]'],
		['accounts are not told apart', 'name, apiKey, baseUrl', 'name, baseUrl'],
	]),
	...mutantsOf(FILES.taskCreator, unit('HiApi/generation/create/purchaseAskedAgain'), [
		[
			'nobody who asks again gets what they paid for',
			'if (caller !== undefined) unanswered',
			'if (false) unanswered',
		],
	]),
	...mutantsOf(FILES.taskCreator, unit('HiApi/generation/create/taskCreator'), [
		[
			"the user's key is not used",
			': keyOfRetry(keyOfVariation(userKey, variation), retries)',
			': this.makeKey(submission, attempt)',
		],
		[
			'the task ID is not remembered',
			'record.taskId = result.value.taskId;\n\t\tthis.taskIds.push(record.taskId);',
			'',
		],
		[
			'every failed create frees the key',
			"request === undefined ? 'unknown' : outcomeOf(request)",
			"'refused'",
		],
	]),
	...mutantsOf(FILES.taskCreator, unit('HiApi/generation/create'), [
		[
			'tasks of one item share what is remembered',
			'variation === 0 ? itemIndex :',
			'true ? itemIndex :',
		],
		[
			'equal tasks of one item count as one wish',
			'variation === 0 ? request :',
			'true ? request :',
		],
	]),
	...mutantsOf(FILES.runPorts, engine('engine/purchases'), [
		['what was created is forgotten', "store: context.getContext('node'),", 'store: {},'],
	]),
	...mutantsOf(FILES.generate, engine('engine/batch'), [
		[
			'a failed task is replaced once too often',
			'created.retries < mostRetries',
			'created.retries <= mostRetries',
			engine('engine/batch', 'Retry Failed Tasks'),
		],
		[
			'a task is replaced although its failure will not pass',
			'mayPassWithNewTask(result.task.failure?.code)',
			'result.task.failure !== undefined',
			engine('engine/batch', 'Retry Failed Tasks'),
		],
	]),
	...mutantsOf(FILES.createQueue, engine('faultMatrix/retries', '422: every try'), [
		[
			'after a failure the other items are still bought',
			'if (this.ended || stopped?.aborted)',
			'if (false)',
		],
	]),
	...mutantsOf(
		FILES.values,
		unit('shared/api|HiApi/generation/request|HiApi/generation/create|HiApi/actions/task'),
		[['a task ID of many digits is rounded', '.replace(NUMERIC_TASK_ID, \'$1"$2"\')', '']],
	),
	...mutantsOf(FILES.semaphore, unit('shared/semaphore'), [
		['any number of requests run at once', 'if (this.free > 0) this', 'if (true) this'],
	]),
];
