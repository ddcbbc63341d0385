import {
	waitingCaller,
	type Ancestor,
} from '../../../../../nodes/HiApi/generation/suspend/webCaller';

const WEBHOOK = 'n8n-nodes-base.webhook';
const WAIT = 'n8n-nodes-base.wait';
const FORM = 'n8n-nodes-base.formTrigger';
const CHAT = '@n8n/n8n-nodes-langchain.chatTrigger';

const FORM_PAGE = { type: 'n8n-nodes-base.form', hasRun: false };
const ANSWER = { type: 'n8n-nodes-base.respondToWebhook', hasRun: true };

const start = (
	type: string,
	parameters: Ancestor['parameters'] = {},
	followers: Ancestor['followers'] = [],
): Ancestor => ({ name: 'Start', type, parameters, followers });

describe('somebody waits at', () => {
	test.each<[string, Ancestor]>([
		['a webhook that answers after the last node', start(WEBHOOK, { responseMode: 'lastNode' })],
		['one whose answer comes from a node', start(WEBHOOK, { responseMode: 'responseNode' })],
		[
			'one whose answer comes later',
			start(WEBHOOK, { responseMode: 'responseNode' }, [{ ...ANSWER, hasRun: false }]),
		],
		['one that streams', start(WEBHOOK, { responseMode: 'streaming' })],
		['a Wait node', start(WAIT, { resume: 'webhook', responseMode: 'lastNode' })],
		['a form that answers in the end', start(FORM, { responseMode: 'lastNode' })],
		['a chat', start(CHAT)],
		['a chat of n8n itself', start(CHAT, { availableInChat: true })],
	])('%s', (_, node) => expect(waitingCaller([start('other'), node])).toBe('Start'));
});

describe('nobody waits at', () => {
	test.each<[string, Ancestor[]]>([
		['a webhook that answers at once', [start(WEBHOOK)]],
		['one that says so', [start(WEBHOOK, { responseMode: 'onReceived' })]],
		['one that has been answered', [start(WEBHOOK, { responseMode: 'responseNode' }, [ANSWER])]],
		['one with an expression', [start(WEBHOOK, { responseMode: '={{ $json.mode }}' })]],
		['a Wait node for a time', [start(WAIT, { resume: 'timeInterval', responseMode: 'lastNode' })]],
		['a form that answers at once', [start(FORM)]],
		['a form with pages of its own', [start(FORM, { responseMode: 'lastNode' }, [FORM_PAGE])]],
		['a chat that answers by nodes', [start(CHAT, { options: { responseMode: 'responseNodes' } })]],
		['a schedule', [start('n8n-nodes-base.scheduleTrigger')]],
		['what cannot be seen', []],
	])('%s', (_, ancestors) => expect(waitingCaller(ancestors)).toBeUndefined());
});
