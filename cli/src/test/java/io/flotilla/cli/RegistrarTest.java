package io.flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.cli.ObjectPlace.ObjectType;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.snapshot.MeshEndpoint;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.config.store.MeshFolder;
import io.flotilla.mesh.state.ConfigFolder;
import io.flotilla.mesh.state.ObjectText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrarTest {
    private static final Registrar.VmOptions OPTIONS =
            new Registrar.VmOptions(Map.of("version", "v2"), Map.of("owner", "dba"), "mysql");

    @TempDir
    Path folder;

    private final Registrar registrar = new Registrar("mysql", "shop");

    private MeshSnapshot mesh() throws IOException {
        Map<String, String> files = new TreeMap<>();
        new ConfigFolder(folder).objects().forEach((key, text) -> files.put(key.toString(), text.yaml()));
        MeshFolder read = MeshFolder.read(files);
        assertThat(read.diagnostics()).isEmpty();
        return read.snapshot();
    }

    private List<MeshEndpoint> endpoints(int port) throws IOException {
        MeshSnapshot mesh = mesh();
        return mesh.endpoints(
                mesh.service("mysql.shop.svc.cluster.local", "shop").orElseThrow(), port);
    }

    @Test
    void portsHaveTheNamesThatAreUsual() {
        assertThat(Registrar.ports(List.of("3306", "http:8081", "7")))
                .isEqualTo(Map.of("mysql", 3306, "http", 8081, "tcp-7", 7));
        assertThatThrownBy(() -> Registrar.ports(List.of("http:x"))).hasMessageContaining("\"http:x\" is no port");
        assertThatThrownBy(() -> Registrar.ports(List.of("70000"))).hasMessageContaining("1 to 65535");
        assertThatThrownBy(() -> Registrar.ports(List.of("80", "8080"))).hasMessageContaining("two ports are named");
        assertThatThrownBy(() -> Registrar.pairs(List.of("a"), "--labels"))
                .hasMessage("--labels \"a\" is no KEY=VALUE");
    }

    @Test
    void firstVmOfAnUnknownServiceMakesIt() throws IOException {
        FolderPlace place = new FolderPlace(new ConfigFolder(folder));
        Map<String, Integer> ports = Registrar.ports(List.of("3306"));
        Map<String, Object> service = registrar.serviceEntry("mysql.shop.svc.cluster.local", ports, Optional.empty());
        Map<String, Object> entry = registrar.entry("10.9.0.5", ports, OPTIONS, Optional.empty());
        assertThat(place.put(ObjectType.SERVICE_ENTRY, service)).isEqualTo("created");
        assertThat(place.put(ObjectType.WORKLOAD_ENTRY, entry)).isEqualTo("created");
        assertThat(place.put(ObjectType.WORKLOAD_ENTRY, entry)).isEqualTo("unchanged");
        assertThat(endpoints(3306)).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.addresses()).containsExactly("10.9.0.5");
            assertThat(endpoint.serviceAccount()).isEqualTo("mysql");
            assertThat(endpoint.labels()).containsEntry("version", "v2");
        });
        assertThat(place.labelled(ObjectType.WORKLOAD_ENTRY, "shop", Registrar.REGISTERED, "mysql"))
                .hasSize(1);
        assertThat(place.remove(ObjectType.WORKLOAD_ENTRY, "shop", registrar.entryName("10.9.0.5")))
                .isTrue();
        assertThat(place.labelled(ObjectType.WORKLOAD_ENTRY, "shop", Registrar.REGISTERED, "mysql"))
                .isEmpty();
        assertThat(Registrar.isOurs(
                        place.get(ObjectType.SERVICE_ENTRY, "shop", "mysql").orElseThrow()))
                .isTrue();
    }

    @Test
    void laterPortsJoinTheEarlierOnes() {
        Map<String, Object> first = registrar.serviceEntry("h", Registrar.ports(List.of("3306")), Optional.empty());
        Map<String, Object> second = registrar.serviceEntry("h", Registrar.ports(List.of("80")), Optional.of(first));
        assertThat(second.toString()).contains("mysql", "MYSQL", "3306", "HTTP");
        assertThat(registrar.serviceEntry("h", Registrar.ports(List.of("3306")), Optional.of(second)))
                .isEqualTo(second);
    }

    @Test
    void vmJoinsAServiceThatIsThereByItsSelector() throws IOException {
        ConfigFolder config = new ConfigFolder(folder);
        config.put(ObjectText.of("s", """
                apiVersion: v1
                kind: Service
                metadata: {name: mysql, namespace: shop}
                spec: {selector: {app: db}, ports: [{name: mysql, port: 3306, targetPort: 1}]}
                """, ReadOptions.DEFAULT).getFirst());
        FolderPlace place = new FolderPlace(config);
        Optional<Map<String, Object>> existing = place.get(ObjectType.SERVICE, "shop", "mysql");
        place.put(
                ObjectType.WORKLOAD_ENTRY,
                registrar.entry("10.9.0.5", Registrar.ports(List.of("33060")), OPTIONS, existing));
        place.put(
                ObjectType.WORKLOAD_ENTRY,
                registrar.entry("10.9.0.6", Registrar.ports(List.of("mysql:33061")), OPTIONS, existing));
        assertThat(endpoints(3306)).extracting(MeshEndpoint::port).containsExactly(1, 33_061);
    }

    @Test
    void serviceWithoutSelectorAndNamesForAddressesAreRefused() {
        Map<String, Integer> ports = Registrar.ports(List.of("80"));
        assertThatThrownBy(() -> registrar.entry("10.9.0.5", ports, OPTIONS, Optional.of(Map.of("spec", Map.of()))))
                .hasMessageContaining("service mysql in namespace shop has no selector");
        assertThatThrownBy(() -> registrar.entry("db.corp", ports, OPTIONS, Optional.empty()))
                .hasMessage("\"db.corp\" is no IP address");
    }
}
