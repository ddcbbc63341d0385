import { blockedBy, waitingPath } from '../../../../../nodes/HiApi/generation/suspend/reachability';

const RESUME = 'https://n8n.example.com/base/webhook-waiting/77/node-1?signature=s&nonce=n';

it('names the path without what only this execution may know', () => {
	expect(waitingPath(RESUME)).toBe('https://n8n.example.com/base/webhook-waiting/');
});

it.each([
	['n8n: the execution is running', 409, { code: 409, message: 'is running already' }, undefined],
	['n8n, as text', 404, '{"code":404,"message":"no such execution"}', undefined],
	['n8n: another token', 401, { error: 'Invalid token' }, undefined],
	['n8n: behind a page of a form', 307, '', undefined],
	['a proxy that asks for a password', 401, { error: 'unauthorized' }, 401],
	['a proxy that lets only /webhook/ through', 404, '<html>404 Not Found</html>', 404],
	['a login page', 302, '', 302],
	['a web application firewall', 403, { error: 'denied' }, 403],
	['a page instead of an error', 200, '<html></html>', 200],
])('%s', async (_name, statusCode, body, expected) => {
	const called: string[] = [];
	const call = async (url: string) => {
		called.push(url);
		return await Promise.resolve({ statusCode, body });
	};
	expect(await blockedBy(call, RESUME)).toBe(expected);
	expect(called).toEqual([RESUME]);
});

it('says nothing where a machine cannot call itself', async () => {
	const call = async () => await Promise.reject(new Error('connect ETIMEDOUT'));
	expect(await blockedBy(call, RESUME)).toBeUndefined();
});
