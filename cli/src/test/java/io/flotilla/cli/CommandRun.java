package io.flotilla.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command printed, and its exit code. */
record CommandRun(int exit, String out, String err) {
    /** Runs one in this process. */
    static CommandRun of(String... line) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line);
        return new CommandRun(exit, out.toString(), err.toString());
    }
}
