package io.flotilla.config.derive;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic.Severity;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.ownership.Ownership;
import io.flotilla.config.ownership.OwnershipOptions;
import io.flotilla.config.store.ConfigStore;
import io.flotilla.config.store.DerivedObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Folders of manifests: in-*.yaml becomes the objects of out-objects.yaml, the statuses of out-status.yaml and the
 * findings of out-findings.txt. What is in a file "common.yaml" beside a folder holds for all cases in it.
 * {@code -Dgolden.update=true} writes the out files anew.
 */
class DerivedGoldenTest {
    private static final boolean UPDATE = Boolean.parseBoolean(System.getProperty("golden.update"));

    @TestFactory
    Stream<DynamicTest> becomesWhatTheFolderSays() throws IOException {
        Path root = Path.of(System.getProperty("flotilla.root"), "core/config/src/test/resources/golden/derived");
        List<Path> cases;
        try (Stream<Path> walk = Files.walk(root)) {
            cases = walk.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith("in-"))
                    .map(Path::getParent)
                    .distinct()
                    .sorted()
                    .toList();
        }
        assertThat(cases).isNotEmpty();
        return cases.stream()
                .map(folder -> DynamicTest.dynamicTest(
                        root.relativize(folder).toString(), folder.toUri(), () -> check(folder)));
    }

    private static void check(Path folder) throws IOException {
        Map<String, Optional<String>> texts = new TreeMap<>();
        Set<String> outputs = new TreeSet<>();
        for (Path file : files(folder)) {
            String name = file.getFileName().toString();
            if (name.startsWith("in-")) {
                texts.put(name, Optional.of(Files.readString(file)));
            } else {
                outputs.add(name);
            }
        }
        Path common = folder.resolveSibling("common.yaml");
        if (Files.exists(common)) {
            texts.put("common.yaml", Optional.of(Files.readString(common)));
        }
        ConfigStore.Change read = ConfigStore.empty(ReadOptions.DEFAULT).apply(texts);
        assertThat(read.diagnostics())
                .filteredOn(problem -> problem.severity() == Severity.ERROR)
                .isEmpty();
        Ownership.Step owned = Ownership.of(OwnershipOptions.OFF).apply(ConfigStore.empty(ReadOptions.DEFAULT), read);
        DerivedObjects state = DerivedObjects.empty(DeriveOptions.of("cluster.local", "istio-system"))
                .apply(
                        owned.change().changed(),
                        owned.change().removed(),
                        read.store()::object,
                        owned.ownership().owners())
                .state();
        Map<String, String> found = new TreeMap<>();
        found.put("out-objects.yaml", objects(state));
        found.put("out-status.yaml", statuses(state));
        if (!state.problems().isEmpty()) {
            StringBuilder findings = new StringBuilder();
            state.problems()
                    .forEach(problem -> findings.append(problem.code())
                            .append(' ')
                            .append(problem)
                            .append('\n'));
            found.put("out-findings.txt", findings.toString());
        }
        if (UPDATE) {
            for (Map.Entry<String, String> each : found.entrySet()) {
                Files.writeString(folder.resolve(each.getKey()), each.getValue());
            }
            outputs.addAll(found.keySet());
        }
        assertThat(outputs).as("every output has a file and every file is used").isEqualTo(found.keySet());
        for (Map.Entry<String, String> each : found.entrySet()) {
            assertThat(each.getValue()).as(each.getKey()).isEqualTo(Files.readString(folder.resolve(each.getKey())));
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.sorted().toList();
        }
    }

    private static String objects(DerivedObjects state) throws InvalidProtocolBufferException {
        StringBuilder out = new StringBuilder();
        for (Config<?> config : state.objects()) {
            out.append("---\n# ")
                    .append(config.key())
                    .append(", from ")
                    .append(config.annotations().getOrDefault(Derived.FROM, ""))
                    .append(" at ")
                    .append(config.origin())
                    .append('\n')
                    .append(YamlText.of(config.spec()));
        }
        return out.toString();
    }

    private static String statuses(DerivedObjects state) throws InvalidProtocolBufferException {
        StringBuilder out = new StringBuilder();
        for (ObjectStatus status : state.statuses()) {
            out.append("---\n# ").append(status.key()).append('\n').append(YamlText.of(status.status()));
        }
        return out.toString();
    }
}
