/** What a file is named after. */
export interface NamedFile {
	taskId: string;
	model: string;
	/** The output's type, told in the name when it is no main result. */
	role?: string;
	/** Place among the task's outputs from 1, when there are several. */
	number?: number;
	/** Without a dot. */
	extension: string;
}

const LONGEST_STEM = 120;

/** Letters, digits and a few signs that every file system and every mail client takes. */
function plain(text: string): string {
	return text
		.normalize('NFKD')
		.replace(/[^A-Za-z0-9.@_-]+/g, '-')
		.replace(/\.{2,}/g, '.')
		.replace(/^[-.]+|[-.]+$/g, '');
}

/** The name of a downloaded file: `<task id>_<model>[_<type>][_<number>].<extension>`, ASCII only, no path in it. */
export function fileName({ taskId, model, role, number, extension }: NamedFile): string {
	const tail = [role, number]
		.filter((part) => part !== undefined)
		.map((part) => `_${plain(String(part)).slice(0, 30)}`);
	const head = [taskId, model].map(plain).filter((part) => part !== '');
	const stem = head.join('_').slice(0, LONGEST_STEM) || 'file';
	return `${stem}${tail.join('')}.${plain(extension).slice(0, 10) || 'bin'}`;
}
