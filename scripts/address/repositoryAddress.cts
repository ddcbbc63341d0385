/** The parts of package.json that say whose the package is and where it lives. */
export interface Identity {
	name: string;
	homepage: string;
	author: { name: string; email: string };
	repository: { url: string };
	bugs: { url: string };
}

const GITHUB = /https?:\/\/github\.com\/[A-Za-z0-9_.-]+\/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*/g;

/** The project's page, `https://github.com/OWNER/NAME`, from `repository.url`. Throws an Error for any other host. */
export function repositoryPage({ repository }: Pick<Identity, 'repository'>): string {
	const page =
		/^(?:git\+)?(https:\/\/github\.com\/[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+?)(?:\.git)?$/.exec(
			repository.url,
		)?.[1];
	if (page === undefined)
		throw new Error(
			`repository.url in package.json is ${repository.url}; n8n verifies packages on GitHub only: git+https://github.com/OWNER/NAME.git`,
		);
	return page;
}

/** Where every GitHub address is one of this project: what npm and n8n link to. Elsewhere only one of its own name is. */
const isOfProject = (file: string) => /^(nodes\/|credentials\/|package\.json$)/.test(file);

/**
 * A file's text with the project's address as package.json's `repository.url` has it.
 *
 * @param page see `repositoryPage`
 * @param name of the package, which the repository is named after
 */
export function withAddress(file: string, text: string, page: string, name: string): string {
	return text.replace(GITHUB, (found) => {
		const address = found.replace(/\.git$/, '');
		return isOfProject(file) || address.endsWith(`/${name}`) ? found.replace(address, page) : found;
	});
}

/** What is wrong with who and where the package says it is; one sentence each. */
export function identityProblems(identity: Identity, licence: string): string[] {
	const page = repositoryPage(identity);
	const { author } = identity;
	return [
		...(identity.homepage === `${page}#readme`
			? []
			: [`homepage in package.json is not ${page}#readme`]),
		...(identity.bugs.url === `${page}/issues`
			? []
			: [`bugs.url in package.json is not ${page}/issues`]),
		...(/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(author.email)
			? []
			: ['author.email in package.json is no e-mail address, which n8n asks for']),
		...(new RegExp(
			`^Copyright \\(c\\) \\d{4} ${author.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`,
			'm',
		).test(licence)
			? []
			: [`LICENSE.md names another holder than author.name in package.json, ${author.name}`]),
	];
}
