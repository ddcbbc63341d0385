import { until } from './until.cts';

/** The last page of a form, as a browser gets it. */
export interface FormEnd {
	html: string;
	/** Files that the page hands over. */
	files: Array<{ fileName: string; type: string; bytes: Buffer }>;
	/** Tells n8n that the page has been shown, which ends the execution. */
	finish: () => Promise<void>;
}

/** A file as n8n puts it into the page. */
interface HandedOver {
	fileName: string;
	type: string;
	data: { data: number[] };
}

/** Sends a form of n8n, its answers in the order of the fields; returns the address of what comes next, if anything does. */
export async function submitForm(url: string, answers: Array<string | File>): Promise<string> {
	const body = new FormData();
	answers.forEach((answer, index) => body.append(`field-${index}`, answer));
	const reply = await fetch(url, { method: 'POST', body });
	const { formWaitingUrl } = (await reply.json()) as { formWaitingUrl: string };
	return formWaitingUrl;
}

/** Waits at a form as its page does, until there is a last page. */
export async function endOf(waitingUrl: string): Promise<FormEnd> {
	const statusUrl = new URL(waitingUrl);
	statusUrl.pathname += '/n8n-execution-status';
	await until(async () => (await (await fetch(statusUrl)).text()).trim() === 'form-waiting');
	const html = await (await fetch(waitingUrl)).text();
	// older n8n gives one file, newer a list
	const encoded = /const binar(?:y|ies) = "(.*?)"/.exec(html)?.[1] ?? '';
	const binaries =
		encoded === ''
			? []
			: [JSON.parse(decodeURIComponent(encoded)) as HandedOver | HandedOver[]].flat();
	return {
		html,
		files: binaries.map(({ fileName, type, data }) => ({
			fileName,
			type,
			bytes: Buffer.from(data.data),
		})),
		finish: async () => {
			const reply = await fetch(waitingUrl, { method: 'POST' });
			if (!reply.ok) throw new Error(`n8n answered ${reply.status} at the end of the form.`);
		},
	};
}
