package io.flotilla.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.config.analysis.Positions;
import io.flotilla.config.analysis.TextPositions;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.StateFolder;
import io.flotilla.policy.Places;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** The mesh that a question is about: manifests, or what a running Galley holds, or the objects of the local mesh. */
final class MeshSource {
    @Mixin
    private FileArguments files;

    @Mixin
    private MeshOption mesh;

    @Mixin
    private LiveOption live;

    /**
     * What was read.
     *
     * @param folder    the mesh
     * @param objects   as they were written
     * @param positions where their fields stand
     */
    record Read(MeshFolder folder, List<Config<?>> objects, Positions positions) {
        MeshSnapshot snapshot() {
            return folder.snapshot();
        }

        Places places() {
            return new Places(objects, positions);
        }
    }

    /** Reads it; what is wrong with manifests is told, and left out. */
    Read read(CommandSpec spec) throws IOException {
        if (files.given() && live.given()) {
            throw CommandFailure.couldNotRun("-f reads files, --live and --galley-port ask a Galley: give one of them");
        }
        if (live.given()) {
            return ofGalley(live.galley(mesh));
        }
        return files.given() ? ofFiles(files, spec) : ofState(mesh, spec);
    }

    /** What a running Galley holds. */
    static Read ofGalley(ManagementClient galley) {
        return held(new LiveObjects(galley, null, null, null));
    }

    /** What manifests say. */
    static Read ofFiles(FileArguments files, CommandSpec spec) {
        Map<String, String> texts = new TreeMap<>();
        files.read().forEach(file -> texts.put(file.name(), file.content()));
        return of(texts, spec);
    }

    /** The objects of the local mesh. */
    static Read ofState(MeshOption mesh, CommandSpec spec) throws IOException {
        StateFolder state = mesh.existing();
        Map<String, String> texts = texts(state.config());
        // What the supervisor says of pods and endpoints is newer than what a user may have written.
        texts.putAll(texts(state.runtime()));
        return of(texts, spec);
    }

    /** Objects of a folder of the local mesh, each under its key's text. */
    static Map<String, String> texts(Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        new ConfigFolder(folder).objects().forEach((key, text) -> texts.put(key.toString(), text.yaml()));
        return texts;
    }

    private static Read of(Map<String, String> texts, CommandSpec spec) {
        MeshFolder folder = MeshFolder.read(texts);
        folder.diagnostics().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .forEach(finding -> spec.commandLine().getErr().println(finding));
        return new Read(folder, folder.objects(), new TextPositions(texts));
    }

    // Galley has checked them; it tells where each was written, but not where each of its fields was.
    private static Read held(LiveObjects held) {
        Map<String, String> texts = new TreeMap<>();
        Map<String, Origin> origins = new HashMap<>();
        int number = 0;
        for (JsonNode each : held.nodes()) {
            String said = each.path("origin").asText();
            String name = texts.containsKey(said) ? said + " " + number++ : said;
            texts.put(name, each.path("object").toString());
            origins.put(name, origin(each.path("origin").asText()));
        }
        MeshFolder folder = MeshFolder.read(texts);
        List<Config<?>> objects = List.copyOf(folder.objects().stream()
                .<Config<?>>map(object -> at(object, origins))
                .toList());
        return new Read(folder, objects, Positions.OF_OBJECTS);
    }

    private static Config<?> at(Config<?> object, Map<String, Origin> origins) {
        return moved(object, origins.getOrDefault(object.origin().file(), object.origin()));
    }

    private static <T extends com.google.protobuf.Message> Config<T> moved(Config<T> object, Origin origin) {
        return new Config<>(
                object.key(),
                object.spec(),
                object.labels(),
                object.annotations(),
                object.created(),
                object.version(),
                origin);
    }

    /** "FILE:LINE", or a source's name. */
    private static Origin origin(String text) {
        int colon = text.lastIndexOf(':');
        boolean line = colon > 0 && text.substring(colon + 1).matches("[0-9]{1,9}");
        return line
                ? new Origin(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)))
                : new Origin(text, 0);
    }
}
