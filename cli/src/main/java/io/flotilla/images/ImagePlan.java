package io.flotilla.images;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an image holds and how it runs; the same files give the same image.
 *
 * @param name   the last part of its name, "pilot"
 * @param about  one line for people
 * @param kind   of what it stands on
 * @param layers from the one that changes least to the one that changes most
 * @param run    how it is started
 */
public record ImagePlan(String name, String about, BaseKind kind, List<Layer> layers, Run run) {
    public ImagePlan {
        layers = List.copyOf(layers);
    }

    /** Files that come and go together. */
    public record Layer(String name, List<Entry> entries) {
        public Layer {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A file.
     *
     * @param source     on this machine
     * @param path       in the image, absolute
     * @param executable else it can only be read
     */
    public record Entry(Path source, String path, boolean executable) {}

    /**
     * How it is started where a pod does not say otherwise.
     *
     * @param entrypoint  program and arguments
     * @param environment beside the base's
     * @param user        "USER:GROUP", by number: what a base calls them does not matter
     */
    public record Run(List<String> entrypoint, Map<String, String> environment, String user) {
        public Run {
            entrypoint = List.copyOf(entrypoint);
            environment = Map.copyOf(environment);
        }
    }
}
