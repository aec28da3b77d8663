package io.flotilla.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** Runs the flotilla command: exit 0 done, 1 the answer is no, 2 it could not run. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        // A library asks for a logger; that the command has none is no news for its user.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new FlotillaCommand());
        HelpLayout.apply(line);
        line.setExecutionExceptionHandler(Main::explain);
        IParameterExceptionHandler usual = line.getParameterExceptionHandler();
        line.setParameterExceptionHandler((problem, arguments) -> misread(problem, arguments, usual));
        line.setExitCodeExceptionMapper(exception -> ExitCode.COULD_NOT_RUN);
        return line;
    }

    private static int misread(ParameterException problem, String[] arguments, IParameterExceptionHandler usual)
            throws Exception {
        Optional<String> answer = IstioctlVerbs.answer(problem);
        if (answer.isEmpty()) {
            return usual.handleParseException(problem, arguments);
        }
        CommandLine line = problem.getCommandLine();
        line.getErr().println(line.getColorScheme().errorText("flotilla: " + answer.get()));
        return ExitCode.COULD_NOT_RUN;
    }

    private static int explain(Exception exception, CommandLine line, CommandLine.ParseResult parsed) {
        CommandFailure failure =
                exception instanceof CommandFailure known ? known : CommandFailure.couldNotRun(describe(exception));
        line.getErr().println(line.getColorScheme().errorText("flotilla: " + failure.getMessage()));
        if (parsed.hasMatchedOption("--debug") || line.getParseResult().hasMatchedOption("--debug")) {
            exception.printStackTrace(line.getErr());
        }
        return failure.exitCode();
    }

    // An exception that nobody translated: its kind is part of what it says.
    private static String describe(Exception exception) {
        String message = exception.getMessage();
        if (exception instanceof NoSuchFileException missing) {
            return "there is no file " + missing.getFile();
        }
        if (exception instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        String kind = exception.getClass().getSimpleName();
        return message == null ? kind : kind + ": " + message;
    }
}
