package io.flotilla.config.cel;

/** Ends the parsing of a text that is no expression; never leaves this package. */
final class NoExpression extends Exception {
    private static final long serialVersionUID = 1L;
    private final int at;
    private final String problem;

    NoExpression(int at, String problem) {
        super(problem, null, false, false);
        this.at = at;
        this.problem = problem;
    }

    CelProblem problem() {
        return new CelProblem(at + 1, problem);
    }
}
