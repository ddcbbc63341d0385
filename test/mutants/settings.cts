import { FILES } from './files.cts';
import { engine, mutantsOf, unit, type Mutant } from './mutant.cts';

/** What an item asks for, read from the panel, and where it may be asked for. */
export const SETTINGS_MUTANTS: Mutant[] = [
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
	...mutantsOf(FILES.readRequest, engine('engine/refusals', 'gives no text for the prompt'), [
		[
			"an object in the user's key gives all rows one task",
			"checkText('Idempotency Key', key);",
			'',
		],
	]),
	...mutantsOf(FILES.createOptions, unit('HiApi/parameters/readers'), [
		['Maximum Tasks is ignored', 'if (most === 0 || tasks <= most) return;', 'return;'],
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
