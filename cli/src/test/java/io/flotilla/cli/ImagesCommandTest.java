package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.images.BaseKind;
import io.flotilla.images.ImagePlans;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagesCommandTest {
    @TempDir
    Path folder;

    private String home = "";

    @BeforeEach
    void anEmptyCheckout() {
        home = System.getProperty("flotilla.home", "");
        System.setProperty("flotilla.home", folder.toString());
    }

    @AfterEach
    void asBefore() {
        System.setProperty("flotilla.home", home);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            images                               | say where images go, one of --to REGISTRY/PREFIX and --tar DIR
            images --to a/b --tar c              | say where images go, one of --to REGISTRY/PREFIX and --tar DIR
            images --to a/b --only pilot,pilots  | there is no image "pilots"; images are citadel, galley, pilot, mixer, sidecar-injector, gateway, proxy-init
            images --to a/b --base jdk=x         | there is no kind of base "jdk"; kinds are java, gateway, init
            images --to a/b --arch sparc         | --arch sparc is neither amd64 nor arm64
            images --to a/b -o yaml              | -o yaml is not a format of this command; it has json
            images --to a/b --only pilot         | pilot/target/quarkus-app/lib is missing; run ./flotilla without FLOTILLA_NO_BUILD to build it
            """)
    void whatCannotBeIsSaid(String line, String message) {
        CommandRun run = CommandRun.of(line.split(" ", -1));

        assertThat(run.err()).contains(message);
        assertThat(run.exit()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void anEnvoyOfAnotherMachineIsRefused() throws Exception {
        Path script = Files.writeString(folder.resolve("envoy"), "#!/bin/sh\necho a script as long as a header\n");

        CommandRun run = CommandRun.of(
                "images",
                "--tar",
                folder.resolve("out").toString(),
                "--only",
                "gateway",
                "--arch",
                "amd64",
                "--envoy",
                script.toString());

        assertThat(run.err()).contains(script + " is no program for Linux, the image for amd64; --envoy FILE names");
        assertThat(run.exit()).isEqualTo(ExitCode.COULD_NOT_RUN);
    }

    @Test
    void theHelpNamesAllImagesAndTheUsualBases() {
        String help = CommandRun.of("images", "--help").out();

        assertThat(ImagePlans.names()).allSatisfy(name -> assertThat(help).contains(name));
        for (BaseKind kind : BaseKind.values()) {
            assertThat(help).contains(kind.text()).contains(kind.usual());
        }
    }
}
