import { FILES } from './files.cts';
import { engine, mutantsOf, unit, type Mutant } from './mutant.cts';

/** Callbacks: who may start or resume a workflow, and how often. */
export const WEBHOOK_MUTANTS: Mutant[] = [
	...mutantsOf(FILES.signature, unit('webhook/(signature|forgeries)'), [
		['any signature counts', 'return equal && secret', 'return secret'],
		['a blank secret counts', "return equal && secret.trim() !== '';", 'return equal;'],
		[
			'an empty signature counts',
			"return refuse('missingSignature')",
			"return { valid: true, signedWith: 'current' }",
		],
		['no replay window', 'check.toleranceSeconds !== 0 && !inTolerance', 'false'],
		[
			'a window that is not a number lets everything through',
			'const inTolerance = Math.abs(check.nowSeconds - Number(timestamp)) <= check.toleranceSeconds',
			'const inTolerance = !(Math.abs(check.nowSeconds - Number(timestamp)) > check.toleranceSeconds)',
		],
		[
			'only the first bytes of the signature are compared',
			'timingSafeEqual(expected, claimed)',
			'timingSafeEqual(expected.subarray(0, 4), claimed.subarray(0, 4))',
		],
		[
			'the signature is not compared in constant time',
			'timingSafeEqual(expected, claimed)',
			'expected.equals(claimed)',
		],
		['the timestamp is not signed', '.update(`${timestamp}.`)', ''],
		['the previous secret does not count', 'return previous ?', 'return false ?'],
		['a timestamp may be anything', '!/^[0-9]+$/.test(timestamp)', 'false'],
	]),
	...mutantsOf(FILES.verify, unit('webhook/(verification|verify)'), [
		[
			'an unknown choice of verification opens the door',
			"value === 'readBack' || value === 'none' ? value : 'signature'",
			'value as Verification',
		],
		[
			'a wrong signature passes where unsigned requests may',
			"verification === 'signature' || claimsSignature(headers)",
			"verification === 'signature'",
		],
		['a changed secret is not read anew', 'if (isNew || verdict.valid ||', 'if (true ||'],
	]),
	...mutantsOf(FILES.verify, unit('HiApiTrigger/receive|webhook/verify'), [
		['the verdict on the signature is ignored', 'if (!verdict.valid) return', 'if (false) return'],
		[
			'without a credential every request counts',
			'source === undefined ? check({})',
			"source === undefined ? ({ valid: true, signedWith: 'current' } as const)",
		],
	]),
	...mutantsOf(FILES.verify, unit('webhook/readBody|HiApiTrigger/receive.test'), [
		[
			'the parsed body is checked instead of the raw bytes',
			'(request.rawBody as Buffer | undefined) ?? Buffer.alloc(0)',
			'Buffer.from(JSON.stringify(request.body))',
		],
	]),
	...mutantsOf(FILES.answer, unit('webhook/answer|HiApiTrigger/receive'), [
		['a forgery is answered with 200', 'response.status(status)', 'response.status(200)'],
		['a run that n8n could not store counts as stored', 'response.statusCode < 300', 'true'],
	]),
	...mutantsOf(FILES.inFlightDedupe, unit('shared/webhook/inFlightDedupe'), [
		['a lost delivery counts as stored', "if (answer === 'stored') this", 'this'],
		[
			'copies at the same moment all go first',
			'if (other === undefined) return',
			'if (true) return',
		],
	]),
	...mutantsOf(FILES.receive, unit('HiApiTrigger/receive'), [
		['a copy starts the workflow again', "if (claim === 'duplicate')", 'if (false)'],
		[
			'a copy is told success while the first is not stored yet',
			"if (claim === 'undecided')",
			'if (false)',
		],
		[
			'the callback is believed although the task was read back',
			'received: { ...received, task: verdict.task, event: verdict.event }',
			'received',
		],
	]),
	...mutantsOf(FILES.processedTasks, unit('HiApiTrigger/deliver'), [
		['a task seen before starts the workflow again', 'return result.new.length > 0', 'return true'],
	]),
	...mutantsOf(FILES.readBack, unit('HiApiTrigger/receiveUnsigned'), [
		[
			'a running task is believed to have ended',
			"if (read.value.state === 'running')",
			'if (false)',
		],
		[
			'another task is taken for the one asked for',
			'if (read.value.taskId !== taskId)',
			'if (false)',
		],
		[
			'invented task IDs use up the rate limit',
			'if (readsUnderWay >= MOST_READS_AT_ONCE)',
			'if (false)',
		],
	]),
	...mutantsOf(FILES.deliver, engine('outputsTrigger'), [
		['what a stranger names is downloaded', 'if (!confirmed && !isBelieved)', 'if (false)'],
	]),
];

/** Suspended executions. */
export const SUSPENSION_MUTANTS: Mutant[] = [
	...mutantsOf(FILES.receiveResume, unit('HiApi/n8n/receiveResume'), [
		['a call with the wrong nonce resumes', '!hasNonce(suspension, calledNonce(context))', 'false'],
		['a loop is resumed in its first round only', ', suspension.runIndex]', ']'],
		["another execution's task resumes", 'if (!pendingTasks(', 'if (false && !pendingTasks('],
		['the signature is not checked', 'if (refusal !== undefined && !uncheckable)', 'if (false)'],
		['copies at the same moment all resume', "if (claim === 'duplicate')", 'if (false)'],
	]),
	...mutantsOf(
		FILES.resumeDecision,
		unit('HiApi/generation/suspend/resumeDecision|HiApi/n8n/receiveResume'),
		[
			[
				'it resumes with what the callback says, without HiAPI having said so',
				'const all = isBehind ?',
				'const all = true ?',
			],
			['a callback counts that nobody believes', 'believed && called.state', 'called.state'],
			['tasks HiAPI did not tell about count as running', 'if (unknown.length > 0)', 'if (false)'],
		],
	),
	...mutantsOf(FILES.suspensionState, unit('HiApi/generation/suspend/suspensionState'), [
		[
			'it resumes while tasks are running',
			"if (task === undefined || task.state === 'running') return",
			'if (task === undefined) return',
		],
		[
			'any nonce of the right length fits',
			'expected.length === given.length && timingSafeEqual(expected, given)',
			'expected.length === given.length',
		],
		[
			'a failed item makes Retry On Fail run the suspended node again',
			'{ ...rest, failure: error }',
			'place.json',
		],
	]),
	...mutantsOf(FILES.resumeNonce, unit('HiApi/generation/suspend/resumeNonce'), [
		[
			'anybody can work out the nonce of a callback URL',
			"createHmac('sha256', key)",
			"createHmac('sha256', '')",
		],
		['all executions have one nonce', '\t\twait.executionId,\n', ''],
		['nodes with one id have one nonce', '\t\twait.nodeName,\n', ''],
	]),
	...mutantsOf(FILES.webCaller, unit('HiApi/generation/suspend/webCaller'), [
		[
			'a caller who waits for the result gets a placeholder',
			"'lastNode', 'responseNode', 'streaming'",
			"'lastNode', 'streaming'",
		],
	]),
	...mutantsOf(FILES.timeLimit, unit('HiApi/generation/suspend/timeLimit'), [
		[
			"a wait lasts until n8n's time limit ends the execution",
			'endsAtMs - RESERVED_MS',
			'endsAtMs',
		],
		[
			'it buys although there is no time to wait',
			'if (allowedMs >= Math.min(wantedMs, LEAST_MS)) return allowedMs;',
			'return allowedMs;',
		],
	]),
	...mutantsOf(FILES.callback, unit('webhook/callbackReference'), [
		[
			'a callback URL of somebody else is changed',
			'!/\\/webhook(-test)?\\//.test(parsed.pathname) || ',
			'',
		],
	]),
	...mutantsOf(FILES.canSuspend, unit('HiApi/generation/suspend/canSuspend'), [
		['it suspends without a secret', 'if (needsSecret && !hasSecret)', 'if (false)'],
	]),
	...mutantsOf(FILES.runAndWait, engine('engine/suspension'), [
		[
			'the execution is suspended before the tasks are created',
			'checkMaximumTasks(context, taskCount);',
			'checkMaximumTasks(context, taskCount); await context.putExecutionToWait(new Date(Date.now() + 6e4));',
		],
		[
			'HiAPI is given no callback URL',
			'readSubmission(context, itemIndex, catalog, callbackUrl)',
			'readSubmission(context, itemIndex, catalog)',
		],
	]),
	...mutantsOf(FILES.generate, engine('engine/suspension'), [
		[
			'what ended just before the suspension counts as still running',
			'await this.waiting.endWithLastPoll();',
			'this.waiting.giveUp();',
		],
	]),
	...mutantsOf(FILES.suspension, unit('HiApi/n8n/suspension'), [
		['the URL carries no nonce', 'url.searchParams.set(NONCE, nonce);', ''],
		[
			'a second try of a run gets another URL',
			'if (known !== undefined) return known;\n\tconst nonce',
			'const nonce',
		],
	]),
];
