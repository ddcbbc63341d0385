/** The smallest set of tests that should notice a mutant. */
export interface NoticedBy {
	project: 'unit' | 'engine' | 'e2e';
	/** Part of the test file's path, as for `--testPathPatterns`. */
	path: string;
	/** Part of the tests' names, where a file has many slow ones. */
	named?: string;
}

/** A place in the package broken on purpose. */
export interface Mutant {
	/** What the package does wrong now, in plain words. */
	name: string;
	/** The source file, from the project's folder. */
	file: string;
	/** Text that stands in the file exactly once. */
	replace: string;
	by: string;
	tests: NoticedBy;
}

export const unit = (path: string, named?: string): NoticedBy => ({ project: 'unit', path, named });
export const engine = (path: string, named?: string): NoticedBy => ({
	project: 'engine',
	path,
	named,
});
export const e2e = (path: string, named?: string): NoticedBy => ({ project: 'e2e', path, named });

/** Builds the mutants of one source file. */
export const mutantsOf = (
	file: string,
	tests: NoticedBy,
	mutants: Array<[name: string, replace: string, by: string, tests?: NoticedBy]>,
): Mutant[] =>
	mutants.map(([name, replace, by, own]) => ({ name, file, replace, by, tests: own ?? tests }));
