package io.flotilla.envoy.mesh;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.Kind;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedFile;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.AddressPlan;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.config.platform.MeshObjects;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.snapshot.SnapshotBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A mesh from files, as the local mesh would run it: a pod for each replica, with a sidecar, ready. */
public final class MeshFiles {
    private static final ObjectReader READER = new ObjectReader(ReadOptions.DEFAULT);

    private MeshFiles() {}

    /** All "in-*.yaml" files of a folder. */
    public static MeshSnapshot folder(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files(files.filter(file -> file.getFileName().toString().matches("in-.*\\.yaml"))
                    .sorted()
                    .toArray(Path[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** These files; one that has an error fails the test. */
    public static MeshSnapshot files(Path... files) {
        return snapshot(Stream.of(files)
                .flatMap(file -> objects(file.toString(), text(file)).stream())
                .toList());
    }

    /** YAML in the test itself, beside files. */
    public static MeshSnapshot of(String yaml, Path... files) {
        List<Config<?>> all = new ArrayList<>(objects("test.yaml", yaml));
        Stream.of(files).forEach(file -> all.addAll(objects(file.toString(), text(file))));
        return snapshot(all);
    }

    /** The bookinfo sample, with some of its routing examples. */
    public static MeshSnapshot bookinfo(String... examples) {
        Path sample = Path.of(System.getProperty("flotilla.root"), "samples/bookinfo");
        List<Path> files = new ArrayList<>(List.of(sample.resolve("kube/bookinfo.yaml")));
        Stream.of(examples).forEach(name -> files.add(sample.resolve("networking/" + name + ".yaml")));
        return files(files.toArray(Path[]::new));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Config<?>> objects(String file, String text) {
        ParsedFile parsed = READER.read(file, text);
        List<Diagnostic> errors = parsed.allProblems().stream()
                .filter(problem -> problem.severity() == Diagnostic.Severity.ERROR)
                .toList();
        if (!errors.isEmpty()) {
            throw new AssertionError(errors);
        }
        List<Config<?>> objects = new ArrayList<>();
        parsed.objects().forEach(object -> objects.add(object.config()));
        return objects;
    }

    private static MeshSnapshot snapshot(List<Config<?>> objects) {
        // The last object of a key is the one that holds, as with files that are applied one after the other.
        Map<String, Config<?>> byKey = new TreeMap<>();
        objects.forEach(object -> byKey.put(object.key().toString(), object));
        List<Config<?>> expanded = new LocalPlatform(AddressPlan.DEFAULT)
                .expand(byKey.values(), pod -> plain(pod) ? pod : LocalPlatform.withSidecar(pod));
        MeshObjects mesh = MeshObjects.empty(RegistryOptions.DEFAULT, "istio-system")
                .apply(expanded, List.of())
                .objects();
        return SnapshotBuilder.build(MeshSettings.defaults(), mesh.published());
    }

    private static boolean plain(Config<Struct> pod) {
        return pod.key().kind().equals(Kind.POD) && "false".equals(pod.labels().get("sidecar.istio.io/inject"));
    }
}
