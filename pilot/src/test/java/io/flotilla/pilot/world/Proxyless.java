package io.flotilla.pilot.world;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.xds.XdsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.ConfigProvider;

/** Applications whose own gRPC library speaks xDS: what they are started with, and what their mesh consists of. */
public final class Proxyless {
    // grpc-java reads its bootstrap once, so all tests of this process share what it names.
    private static final Path KEYS = folder();

    private Proxyless() {}

    private static Path folder() {
        try {
            return Files.createTempDirectory("proxyless");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes this process the pod client-0 of a mesh. */
    public static void start(World world) throws Exception {
        world.citadel().write(KEYS, "spiffe://cluster.local/ns/default/sa/client");
        System.setProperty("io.grpc.xds.bootstrapConfig", bootstrap());
    }

    /** A channel to "HOST:PORT" that asks Pilot. */
    public static ManagedChannel channel(String target) {
        return Grpc.newChannelBuilder(
                        "xds:///" + target, XdsChannelCredentials.create(InsecureChannelCredentials.create()))
                .build();
    }

    private static String bootstrap() {
        return """
            {
              "xds_servers": [{
                "server_uri": "127.0.0.1:%d",
                "channel_creds": [{"type": "insecure"}],
                "server_features": ["xds_v3"]
              }],
              "node": {
                "id": "sidecar~127.46.8.9~client-0.default~default.svc.cluster.local",
                "metadata": {"GENERATOR": "grpc", "SERVICE_ACCOUNT": "client", "LABELS": {"app": "client"}}
              },
              "certificate_providers": {
                "default": {
                  "plugin_name": "file_watcher",
                  "config": {
                    "certificate_file": "%2$s/chain.pem",
                    "private_key_file": "%2$s/key.pem",
                    "ca_certificate_file": "%2$s/root.pem",
                    "refresh_interval": "900s"
                  }
                }
              }
            }
            """.formatted(ConfigProvider.getConfig().getValue("flotilla.port", Integer.class), KEYS);
    }

    /** A pod that is ready, of the service account that is its app. */
    public static String pod(String name, String app, String address, String version) {
        return """
            apiVersion: v1
            kind: Pod
            metadata:
              name: %1$s
              namespace: default
              uid: %1$s
              labels: {app: %2$s, version: %4$s}
            spec:
              serviceAccountName: %2$s
              containers: [{name: app}]
            status:
              phase: Running
              podIP: %3$s
              conditions: [{type: Ready, status: "True"}]
            ---
            """.formatted(name, app, address, version);
    }

    /** A service of the pods of an app. */
    public static String service(String name, String app, int port) {
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: %1$s, namespace: default}
            spec:
              clusterIP: 10.96.8.%4$d
              selector: {app: %2$s}
              ports:
              - {name: grpc, port: %3$d}
            ---
            """.formatted(name, app, port, name.length());
    }

    /** A DestinationRule; what follows its host is indented by two. */
    public static String rule(String host, String spec) {
        return """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: %1$s, namespace: default}
            spec:
              host: %1$s
            """.formatted(host) + spec + "---\n";
    }
}
