import { FakeHiApi, networkError, refusal, type Reaction } from '../../../shared/api/fakeHiApi.cts';

/**
 * A HiAPI that keeps its keys as the real one does: the same key and bytes give the same task. `faults` are used up one
 * per request: `lost` stores the task and loses the answer, `dropped` loses the request, `closed` never lets it through, `page` and `redirect` store
 * the task and let another server answer, a number refuses with that status in HiAPI's own form.
 */
export class Shop {
	readonly sold = new Map<string, { taskId: string; body: string }>();
	readonly keys: string[] = [];
	faults: Array<'lost' | 'dropped' | 'closed' | 'page' | 'redirect' | number> = [];

	private readonly react: Reaction = (options) => {
		const key = (options.headers as Record<string, string>)['Idempotency-Key'];
		const body = options.body as string;
		this.keys.push(key);
		const fault = this.faults.shift();
		if (fault === 'dropped') throw networkError('ECONNRESET');
		if (fault === 'closed') throw networkError('ECONNREFUSED');
		if (typeof fault === 'number')
			return {
				statusCode: fault,
				headers: {},
				body: JSON.stringify((refusal(fault) as { body: unknown }).body),
			};
		const known = this.sold.get(key);
		if (known !== undefined && known.body !== body)
			return {
				statusCode: 422,
				headers: {},
				body: '{"code":422,"error_code":"IDEMPOTENCY_KEY_MISMATCH","message":"used"}',
			};
		const sale = known ?? { taskId: `tk-${this.sold.size + 1}`, body };
		this.sold.set(key, sale);
		if (fault === 'page') return { statusCode: 403, headers: {}, body: '<html>Forbidden</html>' };
		if (fault === 'redirect')
			return { statusCode: 303, headers: { location: '/elsewhere' }, body: '' };
		if (fault === 'lost') throw networkError('ECONNRESET');
		return {
			statusCode: 200,
			headers: known ? { 'idempotent-replay': 'true' } : {},
			body: JSON.stringify({ code: 200, data: { taskId: sale.taskId } }),
		};
	};

	readonly api = new FakeHiApi([this.react]);
}
