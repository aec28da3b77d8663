package io.flotilla.cli;

/** What the exit codes of all commands mean. */
public final class ExitCode {
    public static final int DONE = 0;
    /** The answer is no: invalid, not ready, denied, not found. */
    public static final int NO = 1;
    /** Wrong usage, something is missing, or the command does not exist yet. */
    public static final int COULD_NOT_RUN = 2;

    private ExitCode() {}
}
