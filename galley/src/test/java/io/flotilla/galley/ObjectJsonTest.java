package io.flotilla.galley;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectJsonTest {
    private static Config<?> config(Kind kind, com.google.protobuf.Message spec) {
        return new Config<>(
                ObjectKey.of(kind, "default", "a"),
                spec,
                Map.of("app", "a"),
                Map.of(),
                Instant.EPOCH,
                "1",
                Origin.NONE);
    }

    @Test
    void anObjectIsAManifestInItsHubVersion() {
        var json = ObjectJson.of(config(
                Kind.VIRTUAL_SERVICE, VirtualService.newBuilder().addHosts("a").build()));
        assertThat(json.getString("apiVersion")).isEqualTo("networking.istio.io/v1alpha3");
        assertThat(json.getString("kind")).isEqualTo("VirtualService");
        assertThat(json.getJsonObject("metadata").getJsonObject("labels").getString("app"))
                .isEqualTo("a");
        assertThat(json.getJsonObject("spec").getJsonArray("hosts")).containsExactly("a");
    }

    @Test
    void whatASecretHoldsIsNotShown() throws Exception {
        Struct.Builder secret = Struct.newBuilder();
        JsonFormat.parser().merge("""
                {"apiVersion": "v1", "kind": "Secret", "data": {"key": "c2VjcmV0"}, "stringData": {"k": "hidden"},
                 "metadata": {"name": "a", "annotations":
                 {"kubectl.kubernetes.io/last-applied-configuration": "{\\"data\\": \\"c2VjcmV0\\"}"}}}
                """, secret);
        String shown =
                ObjectJson.of(config(new Kind("", "Secret"), secret.build())).encode();
        assertThat(shown).contains("\"key\"").doesNotContain("c2VjcmV0", "hidden");
    }
}
