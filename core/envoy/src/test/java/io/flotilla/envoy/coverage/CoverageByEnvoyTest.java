package io.flotilla.envoy.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.mesh.KeyFiles;
import io.flotilla.envoy.mesh.RealEnvoy;
import io.flotilla.envoy.mesh.StaticBootstrap;
import io.flotilla.fixtures.envoy.EnvoyBinary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        return meshes.stream()
                .flatMap(mesh -> IntStream.range(0, mesh.resources().size())
                        .mapToObj(i -> DynamicTest.dynamicTest(
                                mesh.name() + " " + i,
                                () -> accepted(mesh.resources().get(i)))));
    }

    private void accepted(EnvoyResources resources) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(scratch, "proxy");
        assertThat(RealEnvoy.complaint(StaticBootstrap.of(resources), folder)).isEmpty();
    }
}
