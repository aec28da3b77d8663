package io.flotilla.envoy.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.flotilla.envoy.mesh.KeyFiles;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import io.flotilla.fixtures.envoy.EnvoyBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the meshes of this folder use, the real binary takes: files that they name are there. */
class CoverageByEnvoyTest {
    @TempDir
    private Path scratch;

    @TestFactory
    Stream<DynamicTest> everyProxyOfEveryMeshIsGoodToEnvoy() throws IOException, InterruptedException {
        EnvoyBinary.found();
        Path keys = KeyFiles.make(Files.createDirectory(scratch.resolve("keys")));
        List<Meshes.Mesh> meshes = Meshes.all(text -> text.replace("/etc/", keys + "/"));
        // Most meshes say nothing to some of the proxies: what Envoy has taken once it takes again.
        Set<Bootstrap> distinct = new HashSet<>();
        return meshes.stream()
                .flatMap(mesh -> IntStream.range(0, mesh.resources().size())
                        .boxed()
                        .flatMap(i -> {
                            Bootstrap bootstrap =
                                    StaticBootstrap.of(mesh.resources().get(i));
                            return distinct.add(bootstrap)
                                    ? Stream.of(
                                            DynamicTest.dynamicTest(mesh.name() + " " + i, () -> accepted(bootstrap)))
                                    : Stream.of();
                        }));
    }

    private void accepted(Bootstrap bootstrap) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(scratch, "proxy");
        assertThat(RealEnvoy.complaint(bootstrap, folder)).isEmpty();
    }
}
