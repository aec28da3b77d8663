package io.flotilla.mesh.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvoyBinaryTest {
    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();

    @Test
    void everyUserMayExecuteTheInstalledOne() throws IOException {
        Path installed = write(folder.resolve("flotilla/envoy-1.40.0"), "rwxr--r--");

        Path found = EnvoyBinary.find(Map.of("PATH", "", "XDG_CACHE_HOME", folder.toString()), told::add);

        assertThat(found).isEqualTo(installed);
        assertThat(permissions(found)).isEqualTo("rwxr-xr-x");
        assertThat(told).as("nothing was installed").isEmpty();
    }

    @Test
    void theOneThatTheUserNamesStaysAsItIs() throws IOException {
        Path own = write(folder.resolve("own"), "rwx------");

        Path found = EnvoyBinary.find(
                Map.of("FLOTILLA_ENVOY", own.toString(), "XDG_CACHE_HOME", folder.toString()), told::add);

        assertThat(found).isEqualTo(own);
        assertThat(permissions(found)).isEqualTo("rwx------");
    }

    @Test
    void aNamedOneThatNobodyMayExecuteIsTold() throws IOException {
        Path own = write(folder.resolve("own"), "rw-r--r--");

        assertThatThrownBy(() -> EnvoyBinary.find(Map.of("FLOTILLA_ENVOY", own.toString()), told::add))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(own + ", which cannot be executed");
    }

    private static Path write(Path file, String permissions) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
