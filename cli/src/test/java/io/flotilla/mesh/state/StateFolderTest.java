package io.flotilla.mesh.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    private Path folder;

    @Test
    void liesInTheUsersStateFolder() {
        assertThat(StateFolder.of("two", Map.of("HOME", "/home/me")).root())
                .isEqualTo(Path.of("/home/me/.local/state/flotilla/two"));
        assertThat(StateFolder.of("two", Map.of("HOME", "/home/me", "XDG_STATE_HOME", "/s"))
                        .root())
                .isEqualTo(Path.of("/s/flotilla/two"));
    }

    @Test
    void secretsAreForTheOwnerAlone() throws IOException {
        Path key = folder.resolve("key.pem");
        StateFolder.writeSecret(key, "secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void aSocketsPathIsNeverTooLong() {
        StateFolder deep = new StateFolder(Path.of("/" + "x".repeat(120)));
        assertThat(deep.relaySocket().toString()).hasSizeLessThan(108);
        assertThat(new StateFolder(Path.of("/short")).relaySocket()).isEqualTo(Path.of("/short/relay.sock"));
    }

    @Test
    void onlyLogsRemainOfARetiredMesh() throws IOException {
        StateFolder state = new StateFolder(folder.resolve("mesh"));
        state.create();
        Files.writeString(state.logs().resolve("pilot.log"), "line");
        Files.writeString(state.keys().resolve("key.pem"), "secret");

        state.retire();

        assertThat(state.root()).isDirectoryContaining("glob:**/logs");
        assertThat(state.keys()).doesNotExist();
        assertThat(state.logs().resolve("pilot.log")).hasContent("line");
    }
}
