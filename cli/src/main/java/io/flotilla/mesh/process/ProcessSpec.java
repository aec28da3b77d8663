package io.flotilla.mesh.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One process to run.
 *
 * @param name        as it is shown
 * @param command     with its arguments
 * @param environment all of it: nothing is inherited
 * @param log         takes its output, appended
 */
public record ProcessSpec(String name, List<String> command, Map<String, String> environment, Path log) {
    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
