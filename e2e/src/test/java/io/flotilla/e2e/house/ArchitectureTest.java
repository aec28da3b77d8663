package io.flotilla.e2e.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may depend on whom: ARCHITECTURE.md, "The house". */
class ArchitectureTest {
    /** Core module to the core modules that it may use. */
    private static final Map<String, Set<String>> CORE = Map.of(
            "api", Set.of(),
            "config", Set.of("api"),
            "discovery", Set.of("api"),
            "identity", Set.of("api"),
            "envoy", Set.of("api", "config"),
            "injection", Set.of("api", "config", "envoy"),
            "telemetry", Set.of("api", "config"),
            "policy", Set.of("api", "config"),
            "service", Set.of("api", "discovery", "identity"));

    private static final List<String> SERVICES = List.of("galley", "pilot", "citadel", "mixer", "injector", "gateway");

    /** Core modules that do no I/O and know no clock. */
    private static final List<String> PURE = List.of("config", "identity", "envoy", "injection", "telemetry", "policy");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPaths(SourceTree.classFolders());

    @Test
    void theClassesAreThere() {
        assertThat(Stream.concat(CORE.keySet().stream(), SERVICES.stream()))
                .allSatisfy(module -> assertThat(CLASSES)
                        .as("classes of %s", module)
                        .anyMatch(type -> type.getPackageName().startsWith("io.flotilla." + module)));
    }

    @TestFactory
    Stream<DynamicTest> coreModulesUseOnlyWhatIsBelowThem() {
        return CORE.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        "core/" + entry.getKey(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage(packages(entry.getKey()))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(allBut(entry.getKey(), entry.getValue()))
                                .check(CLASSES)));
    }

    @TestFactory
    Stream<DynamicTest> servicesMeetOnlyOnTheWire() {
        return Stream.concat(SERVICES.stream(), Stream.of("bookinfo"))
                .map(service -> DynamicTest.dynamicTest(
                        service,
                        () -> noClasses()
                                .that()
                                .resideInAPackage(packages(service))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(SERVICES.stream()
                                        .filter(other -> !other.equals(service))
                                        .map(ArchitectureTest::packages)
                                        .toArray(String[]::new))
                                .check(CLASSES)));
    }

    @TestFactory
    Stream<DynamicTest> coreKnowsNoFramework() {
        return CORE.keySet().stream()
                .map(module -> DynamicTest.dynamicTest(
                        "core/" + module,
                        () -> noClasses()
                                .that()
                                .resideInAPackage(packages(module))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage("io.quarkus..", "jakarta..", "io.smallrye..", "io.fabric8..")
                                .check(CLASSES)));
    }

    @TestFactory
    Stream<DynamicTest> coreKnowsNoKafkaButWhereOutboxesAreCarried() {
        return CORE.keySet().stream()
                .map(module -> DynamicTest.dynamicTest(
                        "core/" + module,
                        () -> noClasses()
                                .that()
                                .resideInAPackage(packages(module))
                                .and()
                                .resideOutsideOfPackage("io.flotilla.service.kafka")
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage("org.apache.kafka..")
                                .check(CLASSES)));
    }

    @TestFactory
    Stream<DynamicTest> decisionsHaveNoClockNoRandomnessAndNoEnvironment() {
        return PURE.stream()
                .map(module -> DynamicTest.dynamicTest(
                        "core/" + module,
                        () -> noClasses()
                                .that()
                                .resideInAPackage(packages(module))
                                .should()
                                .callMethod(java.time.Instant.class, "now")
                                .orShould()
                                .callMethod(System.class, "currentTimeMillis")
                                .orShould()
                                .callMethod(System.class, "nanoTime")
                                .orShould()
                                .callMethod(System.class, "getenv", String.class)
                                .orShould()
                                .callConstructor(java.util.Random.class)
                                .orShould()
                                .callConstructor(java.security.SecureRandom.class)
                                .orShould()
                                .dependOnClassesThat()
                                .resideInAnyPackage("java.util.logging..", "org.jboss.logging..", "org.slf4j..")
                                .orShould()
                                .dependOnClassesThat()
                                .haveFullyQualifiedName("java.lang.System$Logger")
                                .check(CLASSES)));
    }

    private static String packages(String module) {
        return "io.flotilla." + module + "..";
    }

    private static String[] allBut(String module, Set<String> allowed) {
        List<String> forbidden = new ArrayList<>();
        Stream.concat(CORE.keySet().stream(), Stream.concat(SERVICES.stream(), Stream.of("cli", "mesh", "images")))
                .filter(other -> !other.equals(module) && !allowed.contains(other))
                .map(ArchitectureTest::packages)
                .forEach(forbidden::add);
        return forbidden.toArray(String[]::new);
    }
}
