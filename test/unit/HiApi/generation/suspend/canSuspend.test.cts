import {
	whyNotSuspend,
	type SuspendPreconditions,
} from '../../../../../nodes/HiApi/generation/suspend/canSuspend';

const fine: SuspendPreconditions = {
	url: 'https://n8n.example.com/webhook-waiting/7/node?signature=x&nonce=y',
	apiIsLocal: false,
	needsSecret: true,
	hasSecret: true,
	isInlineTool: false,
	credentialDependsOnItem: false,
	isCombined: false,
	hasVariations: false,
};

test('a public https address and a secret are enough', () =>
	expect(whyNotSuspend(fine)).toBeUndefined());

test.each<[string, Partial<SuspendPreconditions>, RegExp]>([
	['an agent that runs its tools inside itself', { isInlineTool: true }, /agent/],
	['several results for an item', { hasVariations: true }, /'Variations' above 1/],
	['a workflow with JSON and files combined', { isCombined: true }, /JSON and files combined/],
	['a caller who waits', { waitingCaller: 'Webhook' }, /The caller of 'Webhook' waits/],
	['a credential that depends on the item', { credentialDependsOnItem: true }, /from the item/],
	['an execution without a URL', { url: undefined }, /no callback URL/],
	[
		'plain http',
		{ url: 'http://n8n.example.com/webhook-waiting/7/node' },
		/http:\/\/n8n\.example\.com/,
	],
	[
		'a local address',
		{ url: 'https://localhost:5678/webhook-waiting/7/node' },
		/https:\/\/localhost/,
	],
	['a private address', { url: 'https://192.168.1.5/webhook-waiting/7/node' }, /192\.168\.1\.5/],
	['no secret', { hasSecret: false }, /'Webhook Signing Secret'/],
])('%s is in the way', (_, change, message) => {
	const reason = whyNotSuspend({ ...fine, ...change });
	expect(reason?.message).toMatch(message);
	expect(reason?.description).toContain("'Polling'");
	// The URL is a key to the execution.
	expect(`${reason?.message} ${reason?.description}`).not.toMatch(/signature=|nonce=/);
});

test('a HiAPI in the private network can call addresses there', () => {
	expect(
		whyNotSuspend({
			...fine,
			url: 'http://127.0.0.1:5678/webhook-waiting/7/node',
			apiIsLocal: true,
		}),
	).toBeUndefined();
});

test('no secret is needed where callbacks need not be signed', () => {
	expect(whyNotSuspend({ ...fine, needsSecret: false, hasSecret: false })).toBeUndefined();
});
