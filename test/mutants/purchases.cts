import { FILES } from './files.cts';
import { engine, mutantsOf, unit, type Mutant } from './mutant.cts';

/** One request and its retries. */
export const REQUEST_MUTANTS: Mutant[] = [
	...mutantsOf(FILES.client, unit('api/client'), [
		['no idempotency key is sent', 'request.idempotencyKey !== undefined && {', 'false && {'],
		[
			'every try sends another key',
			"'Idempotency-Key': request.idempotencyKey",
			"'Idempotency-Key': `${request.idempotencyKey}${Math.random()}`",
		],
		[
			'the body gets another field with every try',
			'body: request.body,',
			'body: request.body && JSON.stringify({ ...JSON.parse(request.body), sent: Math.random() }),',
		],
		[
			'the body is serialised again',
			'body: request.body,',
			'body: request.body && JSON.stringify(JSON.parse(request.body), null, 1),',
		],
		[
			'redirects are followed with the API key',
			'disableFollowRedirect: true',
			'disableFollowRedirect: false',
		],
		['a refusal makes a lost answer forgotten', 'outcomeUnknown ||=', 'outcomeUnknown ='],
		['requests go on after the deadline', 'this.timing.now() >= budget.deadlineMs', 'false'],
		[
			'a stop does not end the pause before a retry',
			'this.timing.pause(delay, budget.signal)',
			'this.timing.pause(delay)',
		],
		['a stop does not end a request', 'abortSignal: signal,', ''],
		[
			'a create without a task ID counts',
			'return !read.ok || request.isExpected(read.data)',
			'return true',
		],
		[
			'the API key is told in an error',
			'in the credential ${baseUrl.problem}`',
			'in the credential of ${credential.apiKey} ${baseUrl.problem}`',
		],
	]),
	...mutantsOf(FILES.requestFailure, unit('shared/errors/requestFailure|shared/api/retryPolicy'), [
		[
			'a refusal that stays counts as one that passes',
			"return isPassing(failure) || (failure.kind === 'answer' && failure.status === undefined);",
			"return isPassing(failure) || failure.kind === 'answer';",
		],
		[
			'a no that says nothing more counts as one that stays',
			"|| (failure.kind === 'answer' && failure.status === undefined)",
			'',
		],
		[
			'a lost connection counts as "no task was created"',
			"return !failure.neverSent && !FINAL_NETWORK_CODES.has(failure.networkCode ?? '')",
			'return false',
		],
		[
			'an unreadable answer counts as "no task was created"',
			"if (failure.kind !== 'answer') return true",
			"if (failure.kind !== 'answer') return failure.kind === 'redirect'",
		],
		[
			'a redirect counts as "no task was created"',
			"if (failure.kind !== 'answer') return true",
			"if (failure.kind !== 'answer') return failure.kind !== 'redirect'",
		],
		[
			'a proxy error counts as "no task was created"',
			'if (failure.foreign) return failure.status !== 407',
			'if (failure.foreign) return failure.status < 500',
		],
		[
			'the 4xx page of another server counts as "no task was created"',
			'if (failure.foreign) return failure.status !== 407',
			'if (failure.foreign) return failure.status >= 500',
		],
		[
			'a refusal that names a task counts as "no task was created"',
			'failure.status === undefined || failure.taskId !== undefined',
			'failure.status === undefined',
		],
		['HTTP 422 frees the key', 'isKeyMismatch(failure) || ', ''],
		['the page of another server frees the key', ' || failure.foreign)', ')'],
		['a lost answer frees the key', 'failure.outcomeUnknown !== false || ', ''],
		[
			"a conflict that is not about our key's task counts as our task",
			'failure.taskId !== undefined && failure.code !== MISMATCH',
			'failure.taskId !== undefined',
		],
		['HTTP 400 is sent again', 'new Set([429, 503])', 'new Set([400, 429, 503])'],
		['HTTP 402 is sent again', 'new Set([429, 503])', 'new Set([402, 429, 503])'],
		[
			'a refused input is worth a new purchase',
			"'TASK_TIMEOUT',",
			"'TASK_TIMEOUT', 'CONTENT_POLICY', 'TASK_FAILED',",
			unit('shared/errors/requestFailure', 'worth'),
		],
	]),
	...mutantsOf(FILES.retryPolicy, unit('api/retryPolicy'), [
		['Retry-After is ignored', 'const least = asked ??', 'const least = undefined ??'],
		[
			'a create without a key is sent again',
			'return situation.hasIdempotencyKey || failure.neverSent === true',
			'return true',
		],
		[
			'a retry starts after the deadline',
			'delay < situation.remainingMs ? delay : undefined',
			'delay',
		],
		['a request is sent again without end', 'const MOST_RETRIES = 5', 'const MOST_RETRIES = 500'],
	]),
	...mutantsOf(FILES.envelope, unit('shared/api/response|shared/api/tasks'), [
		[
			'an error under HTTP 200 counts as success',
			'status >= 400 || !statesSuccess(body.code)',
			'status >= 400',
		],
		[
			"the form of any server's error counts as HiAPI's",
			'...(!isWord(error.code) && !isWord(error.type) && { foreign: true }),',
			'',
		],
		[
			"any JSON under an error status counts as HiAPI's",
			'toNumber(body.code) !== status && { foreign: true }',
			'false && { foreign: true }',
		],
		[
			'a page that is no JSON counts as a refusal of HiAPI',
			"fail('answer', { foreign: true }) : fail",
			"fail('answer', {}) : fail",
		],
		[
			'a redirect counts as an answer of HiAPI',
			"return fail('redirect', { status })",
			"return fail('answer', { status })",
		],
		[
			"the gateway's error under HTTP 200 counts as success",
			'if (isRecord(body.error) &&',
			'if (status >= 400 && isRecord(body.error) &&',
		],
	]),
	...mutantsOf(FILES.tasks, unit('api/tasks'), [
		['a success without a task ID is a task', 'taskIdOf(data) !== undefined', 'true'],
		['a task of our key is not taken', 'if (isOwnTask(failure))', 'if (false)'],
	]),
	...mutantsOf(FILES.task, unit('api/task.test'), [
		['an unknown status counts as the end', "? 'fail' : 'running'", "? 'fail' : 'success'"],
		[
			'a failed task counts as a success',
			"['success', 'succeeded',",
			"['success', 'fail', 'succeeded',",
		],
	]),
	...mutantsOf(FILES.serverText, unit('shared/errors/apiError|shared/errors/redact'), [
		['a quoted API key is shown', ".replace(/\\b((?:hi-)?sk-)[\\w-]{4,}/gi, '$1…')", ''],
		[
			'a quoted file is shown',
			"(?:;[\\w=.+-]+)*,)[^\\s'\"]+/gi, '$1…')",
			"(?:;[\\w=.+-]+)*,)[^\\s'\"]+/gi, '$&')",
		],
	]),
	...mutantsOf(
		FILES.networkFailure,
		unit('shared/api/client|shared/api/clientEnding|shared/errors/networkError'),
		[
			[
				"the network's own text, with the request in it, is shown",
				"networkCode: 'NO_ANSWER'",
				'networkCode: String(records.map(({ message }) => message))',
			],
			[
				'a connection that broke off counts as never made',
				'return layers.some(',
				'return true || layers.some(',
			],
		],
	),
	...mutantsOf(FILES.taskRequest, unit('HiApi/generation/request/requestBody'), [
		[
			'an input that is no JSON is quoted with its prompt',
			`"'Input (JSON)' is not valid JSON"`,
			'`not valid JSON: ${json}`',
		],
	]),
	...mutantsOf(FILES.baseUrl, unit('api/baseUrl|credentials'), [
		[
			'plain http to any host is a usable address',
			'const PRIVATE_HOST = [',
			"const PRIVATE_HOST = [ '[a-z.]+',",
		],
	]),
];

/** What is bought, remembered and waited for. */
export const PURCHASE_MUTANTS: Mutant[] = [
	...mutantsOf(
		FILES.idempotency,
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
		FILES.purchaseMemory,
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
		FILES.unansweredPurchases,
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
	...mutantsOf(FILES.purchase, unit('HiApi/generation/create/purchaseAskedAgain'), [
		[
			'nobody who asks again gets what they paid for',
			'if (caller !== undefined) unanswered',
			'if (false) unanswered',
		],
	]),
	...mutantsOf(FILES.purchase, unit('HiApi/generation/create/taskCreator'), [
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
	...mutantsOf(FILES.purchase, unit('HiApi/generation/create'), [
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
	...mutantsOf(FILES.runAndWait, unit('staticData'), [
		[
			'an action node writes static data',
			'checkMaximumTasks(context, taskCount);',
			"checkMaximumTasks(context, taskCount); context.getWorkflowStaticData('global').models = [];",
		],
	]),
	...mutantsOf(FILES.account, engine('engine/accounts'), [
		[
			'items of two accounts are bought on the first',
			'if ((await accountOf(context, itemIndex)) === first) continue;',
			'continue;',
		],
		[
			'only the second item is compared with the first',
			'itemIndex < items.length; itemIndex++',
			'itemIndex < 2; itemIndex++',
		],
		[
			'a callback is given a credential that needs the item',
			'return (await accountOf(context, context.getInputData().length)) !== first;',
			'return false;',
		],
	]),
	...mutantsOf(FILES.promptText, unit('HiApi/parameters/promptText'), [
		[
			'a prompt that is an object is bought as its JSON',
			"if (typeof value === 'object') throw notText(label, value, pathOf(expression));",
			"if (typeof value === 'object') return JSON.stringify(value);",
		],
		['a prompt of "[object Object]" is bought', 'if (found === undefined) return;', 'return;'],
		[
			'a prompt that is an object in the input is bought',
			"typeof prompt === 'object' && prompt !== null",
			'false',
		],
		[
			'objects inside the input are not looked at',
			'for (const [name, entry] of Object.entries(value)) checkDeep',
			'for (const [name, entry] of [] as Array<[string, unknown]>) checkDeep',
		],
	]),
	...mutantsOf(FILES.chooseWaiting, unit('suspend/chooseWaiting'), [
		[
			'a round that polls asks for its tasks without the URL they were bought with',
			'callbackUrl: sent?.url, linksOnly',
			'linksOnly',
		],
	]),
	...mutantsOf(FILES.submission, engine('engine/refusals', 'gives no text for the prompt'), [
		[
			"an object in the user's key gives all rows one task",
			"checkText('Idempotency Key', key);",
			'',
		],
	]),
	...mutantsOf(
		FILES.json,
		unit('shared/api|HiApi/generation/request|HiApi/generation/create|HiApi/actions/task'),
		[['a task ID of many digits is rounded', '.replace(NUMERIC_TASK_ID, \'$1"$2"\')', '']],
	),
	...mutantsOf(FILES.parameters, unit('HiApi/parameters/readers'), [
		['Maximum Tasks is ignored', 'if (most === 0 || tasks <= most) return;', 'return;'],
	]),
	...mutantsOf(FILES.concurrency, unit('shared/semaphore'), [
		['any number of requests run at once', 'if (this.free > 0) this', 'if (true) this'],
	]),
	...mutantsOf(FILES.modelInput, engine('engine/models'), [
		[
			'a bad input is bought',
			'if (problems.length === 0 || !isCertain) return result',
			'return result',
			engine('engine/models', 'a route changes the fields'),
		],
		[
			'a bundled schema stops a purchase',
			'problems.length === 0 || !isCertain',
			'problems.length === 0',
			engine('engine/models', 'never stops a purchase'),
		],
	]),
	...mutantsOf(FILES.runItems, unit('HiApi/generation/items/runItems'), [
		[
			'one bad item does not keep the others from being bought',
			'throw batchError(settings, first, []);',
			'{}',
		],
		['a stop leaves nothing in the log', 'if (parts.length > 0) log', 'if (false) log'],
		['a failure does not name the tasks of the others', 'if (sentences.length > 0)', 'if (false)'],
		['a failure lets the others go on', 'if (!continueOnFail) runner.giveUp();', ''],
	]),
	...mutantsOf(FILES.errors, unit('HiApi/generation/items/runItems|shared/errors/nodeError'), [
		[
			'an item that failed loses its task ID',
			'details: { ...failure.details, description',
			'details: { description',
		],
		[
			'an item that failed is paired with the first',
			'pairedItem: { item: itemIndex }',
			'pairedItem: { item: 0 }',
		],
	]),
	...mutantsOf(FILES.items, engine('engine/batch', 'come back in order'), [
		[
			'an item is paired with the first',
			'pairedItem: { item: itemIndex }',
			'pairedItem: { item: 0 }',
		],
	]),
	...mutantsOf(FILES.outcome, unit('HiApi/generation/items/taskItem'), [
		['a failed task is put out as a success', 'if (failure !== undefined)', 'if (false)'],
		[
			'a timeout does not name the task',
			'`Task ${taskId} was not finished',
			'`The task was not finished',
		],
		[
			'a task that could not be read is not named',
			'{ ...details, taskId, runningTaskIds: [taskId] }',
			'details',
		],
	]),
	...mutantsOf(FILES.pollSchedule, unit('HiApi/generation/wait/pollSchedule'), [
		['polling ignores the interval the user asks for', 'Math.max(need.kind', 'Math.min(need.kind'],
		['polls come without a pause', 'SHORTEST_INTERVAL - sinceLast, 0', '0'],
		['wrong knowledge hides a task', 'Math.min(first, unseenUntil) - age', 'first - age'],
		['several tasks are polled no sooner than one', 'chance +=', 'chance ='],
	]),
	...mutantsOf(FILES.pollBudget, unit('HiApi/generation/wait/pollBudget'), [
		['polling has no budget', 'Math.max(0, 1 - this.tokens)', '0'],
		['a 429 changes nothing', 'if (this.refused) return PER_MINUTE;', ''],
		['the budget grows without end', '* this.perMinute, BURST)', '* this.perMinute, 1e9)'],
	]),
	...mutantsOf(FILES.pollTiming, unit('HiApi/generation/wait/taskPoller'), [
		[
			'tasks that came later are polled before the interval the user asks for',
			'Math.max(polledMs, history.polledMs) + leastIntervalMs',
			'polledMs + leastIntervalMs',
		],
	]),
	...mutantsOf(FILES.taskPoller, unit('HiApi/generation/wait/taskPoller'), [
		['single reads ignore the budget', 'await this.turn();\n\t\t\tawait', 'await'],
		['pages of the list ignore the budget', 'await this.turn();\n\t\t\t\treturn', 'return'],
		[
			'waiting goes on after a stop',
			"addEventListener('abort', () => this.tasks.stop()",
			"addEventListener('abort', () => undefined",
		],
		[
			'waiting goes on after the timeout',
			"this.tasks.end(entry, { kind: 'timedOut', task: entry.seen });",
			"entry.told.has('late') ? this.tasks.end(entry, { kind: 'timedOut' }) : (entry.told.add('late'), (entry.deadlineMs += 6e5));",
		],
		['a failed read ends the waiting', 'return mayPassLater(request);', 'return false;'],
		[
			'a timeout is declared without having asked for the task',
			'await this.readSingly(entry);\n\t\t\tif',
			'if',
		],
	]),
	...mutantsOf(FILES.credential, unit('credentials'), [
		['the credential test buys a task', 'qs: { page: 1, size: 1 },', "method: 'POST', body: {},"],
		['the credential test passes for any reply', "key: 'data.tasks'", "key: 'data.nothing.at.all'"],
		['the credential test follows redirects with the key', 'disableFollowRedirect: true,', ''],
		[
			'the signing secret is shown',
			"name: 'webhookSecret',\n\t\t\ttype: 'string',\n\t\t\ttypeOptions: { password: true },",
			"name: 'webhookSecret',\n\t\t\ttype: 'string',",
		],
	]),
];
