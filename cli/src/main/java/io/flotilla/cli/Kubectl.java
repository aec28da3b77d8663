package io.flotilla.cli;

import io.flotilla.mesh.process.Output;
import io.flotilla.mesh.process.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The program kubectl, which knows every way in which users log in to their clusters.
 *
 * @param options --kubeconfig and --context, where they were given
 */
record Kubectl(List<String> options) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    Kubectl {
        options = List.copyOf(options);
        if (Tool.find("kubectl").isEmpty()) {
            throw CommandFailure.couldNotRun("a cluster is reached by kubectl, which is not on the PATH");
        }
    }

    /** What it answered, whatever that is. */
    Output run(String input, String... words) {
        List<String> line = new ArrayList<>(List.of("kubectl"));
        line.addAll(options);
        line.addAll(List.of(words));
        return Output.of(line, Map.of(), input, LIMIT);
    }

    /**
     * What it printed.
     *
     * @throws CommandFailure with its own words where it said no
     */
    String orFail(String input, String... words) {
        Output output = run(input, words);
        if (!output.ok()) {
            throw CommandFailure.no(output.err().strip());
        }
        return output.out();
    }
}
