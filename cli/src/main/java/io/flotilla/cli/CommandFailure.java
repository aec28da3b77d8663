package io.flotilla.cli;

/** Ends a command with a message for the user, who sees no stack trace. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The answer is no. */
    public static CommandFailure no(String message) {
        return new CommandFailure(ExitCode.NO, message);
    }

    /** The question could not be answered; the message says what to do. */
    public static CommandFailure couldNotRun(String message) {
        return new CommandFailure(ExitCode.COULD_NOT_RUN, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
