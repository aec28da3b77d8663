package io.flotilla.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.e2e.kube.SuiteService;
import io.flotilla.e2e.mesh.Command;
import io.flotilla.e2e.mesh.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a Galley that runs alone on a directory: what is in force, and what is kept back. */
class LiveGalleyIT {
    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("flotilla.root"), "flotilla.root"));
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // by start()
    private Path config;

    @SuppressWarnings("NullAway.Init") // by start()
    private SuiteService galley;

    @BeforeEach
    void start() throws IOException {
        config = Files.createDirectory(folder.resolve("config"));
        for (int i = 0; i < 12; i++) {
            Files.writeString(
                    Files.createDirectories(config.resolve("mesh")).resolve(i + ".yaml"),
                    route("route-" + i, "reviews"));
        }
        galley = new SuiteService(
                        "galley",
                        folder,
                        Map.of(
                                "FLOTILLA_CONFIG_DIR",
                                config.toString(),
                                "FLOTILLA_CONFIG_CONFIRM_AFTER",
                                "1h",
                                "FLOTILLA_WEBHOOK_PORT",
                                "0"))
                .startAndAwaitReady();
    }

    @AfterEach
    void stop() {
        galley.close();
    }

    private static String route(String name, String host) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s}
                spec: {hosts: [%s], http: [{route: [{destination: {host: reviews}}]}]}
                """.formatted(name, host);
    }

    private Command flotilla(String... arguments) {
        List<String> line = new ArrayList<>(List.of(ROOT.resolve("flotilla").toString()));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--galley-port", Integer.toString(galley.managementPort())));
        return Command.run(ROOT, Map.of("FLOTILLA_NO_BUILD", "1"), LIMIT, line);
    }

    @Test
    void getShowsWhatIsInForceAndNotWhatTheFolderSays() throws IOException {
        Command one = flotilla("get", "virtualservice", "route-3", "-o", "yaml").orFail();
        assertThat(one.out()).contains("name: route-3", "kind: VirtualService", "- reviews");
        Files.writeString(config.resolve("mesh/3.yaml"), route("route-3", "not a host"));
        Files.writeString(config.resolve("new.yaml"), route("bad", "not a host"));
        Eventually.holds(LIMIT, galley::output, () -> galley.output().contains("not a host"));
        assertThat(flotilla("get", "vs", "route-3", "-o", "yaml").orFail().out())
                .isEqualTo(one.out());
        Command refused = flotilla("get", "vs", "bad");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("is not in force");
        assertThat(flotilla("get", "all", "-A", "-o", "wide").orFail().out()).contains("route-11", "11.yaml");
    }

    @Test
    void deletionsThatAreKeptBackAreListedAndConfirmed() throws IOException {
        assertThat(flotilla("config", "held").orFail().err()).contains("no deletions are kept back");
        assertThat(flotilla("config", "confirm", "directory").exit()).isEqualTo(1);
        Files.move(config.resolve("mesh"), folder.resolve("away"));
        Eventually.holds(LIMIT, galley::output, () -> galley.output().contains("FL0711"));
        Command held = flotilla("config", "held");
        assertThat(held.exit()).isEqualTo(1);
        assertThat(held.out()).contains("directory", config.toString(), "12");
        assertThat(flotilla("get", "vs").orFail().out()).contains("route-0", "route-11");
        assertThat(flotilla("config", "confirm", "directory").orFail().out()).contains("12");
        Eventually.holds(
                LIMIT,
                galley::output,
                () -> flotilla("get", "vs").orFail().out().isBlank());
    }
}
