package io.flotilla.mesh.state;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.flotilla.mesh.isolation.Isolation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a local mesh was started as; written once, read by the supervisor and by all later commands.
 *
 * @param name      of the mesh
 * @param home      the checkout
 * @param javaHome  the JDK for all services
 * @param envoy     the binary
 * @param isolation how pods are kept apart
 * @param ports     host ports by {@link MeshPort#key}
 * @param mtls      "strict", "permissive" or "off"
 * @param kafka     "HOST:PORT" of the user's own broker, or empty
 * @param settings  FLOTILLA_... variables of the caller, passed on to services
 */
public record MeshSpec(
        String name,
        String home,
        String javaHome,
        String envoy,
        Isolation isolation,
        Map<String, Integer> ports,
        String mtls,
        String kafka,
        Map<String, String> settings) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public MeshSpec {
        ports = Map.copyOf(ports);
        settings = Map.copyOf(settings);
    }

    public int port(MeshPort port) {
        return ports.getOrDefault(port.key(), port.standard());
    }

    /** The port as the mesh's own processes see it. */
    public int innerPort(MeshPort port) {
        return isolation == Isolation.NONE ? port(port) : port.standard();
    }

    public boolean ownKafka() {
        return kafka.isEmpty();
    }

    public void writeTo(StateFolder state) throws IOException {
        StateFolder.write(state.meshFile(), JSON.writeValueAsString(this));
    }

    public static MeshSpec readFrom(StateFolder state) {
        try {
            return JSON.readValue(Files.readString(state.meshFile()), MeshSpec.class);
        } catch (JacksonException e) {
            throw new IllegalStateException(state.meshFile() + " is damaged: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path homePath() {
        return Path.of(home);
    }
}
