import { whyUnverified } from '../../../../nodes/shared/webhook/verify';
import { fakeWebhook, signedNow, type WebhookSetup } from './fakeWebhook.cts';
import { SECRET, SUCCESS } from './vectors.cts';

const NEW = 'a new secret 00001';
const SAFE = { verification: 'signature', toleranceSeconds: 300 } as const;
const { body } = SUCCESS;

/** What a node with this credential says of a request; the status and how often the credential was read. */
async function check(setup: WebhookSetup, settings: Parameters<typeof whyUnverified>[2] = SAFE) {
	const fake = fakeWebhook({ body, ...setup });
	const refusal = await whyUnverified(fake.context, Buffer.from(body), settings);
	return { status: refusal?.status ?? 200, reads: fake.reads.credential };
}

describe('changing the secret', () => {
	const stored = async (webhookSecret: string, signedWith: string, credentialId: string) =>
		await check({
			credential: { webhookSecret },
			headers: signedNow(body, signedWith),
			credentialId,
		});

	test('a callback with the new secret is accepted at once', async () => {
		expect((await stored(SECRET, SECRET, 'changing')).status).toBe(200);
		expect((await stored(NEW, NEW, 'changing')).status).toBe(200);
		expect((await stored(NEW, SECRET, 'changing')).status).toBe(401);
	});

	test('a secret that is stored at last counts at once', async () => {
		expect((await stored('', SECRET, 'stored at last')).status).toBe(401);
		expect((await stored(SECRET, SECRET, 'stored at last')).status).toBe(200);
	});

	test('a secret taken out counts for five seconds at most', async () => {
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
		try {
			expect((await stored(SECRET, SECRET, 'taken out')).reads).toBe(1);
			expect((await stored(SECRET, SECRET, 'taken out')).reads).toBe(0);
			jest.advanceTimersByTime(5_001);
			expect((await stored(NEW, SECRET, 'taken out')).status).toBe(401);
		} finally {
			jest.useRealTimers();
		}
	});

	test('a flood of forgeries does not become a flood of reads', async () => {
		const flood = await Promise.all(
			Array.from({ length: 200 }, async () => await stored(SECRET, NEW, 'flood')),
		);
		expect(flood.every(({ status }) => status === 401)).toBe(true);
		expect(flood.reduce((sum, { reads }) => sum + reads, 0)).toBeLessThan(10);
	});
});

test('a node that never had a credential takes nobody for HiAPI, and reads nothing', async () => {
	const fake = fakeWebhook({ body, headers: signedNow(body) });
	Object.assign(fake.context, { getNode: () => ({ id: 'node-1', name: 'HiAPI' }) });
	expect(await whyUnverified(fake.context, Buffer.from(body), SAFE)).toMatchObject({ status: 401 });
	expect(fake.reads.credential).toBe(0);
});

test.each(['readBack', 'none'] as const)(
	"with '%s' an unsigned request passes without a look at the credential",
	async (verification) => {
		const setup = { credential: new Error('not asked'), headers: {} };
		expect(await check(setup, { ...SAFE, verification })).toEqual({ status: 200, reads: 0 });
	},
);

test('secrets that cannot be read are no reason to believe anyone', async () => {
	await expect(
		check({ credential: new Error('database is locked'), headers: signedNow(body) }),
	).rejects.toThrow('database is locked');
});
