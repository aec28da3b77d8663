package io.flotilla.envoy.authz;

import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.tls.MeshTls;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A TCP port of the workbench's own pod, as members of the mesh use it. */
final class Line {
    private Line() {}

    /** What the application answers to one line; empty where the connection ends without an answer. */
    static String heard(Workbench bench, String spiffe) throws IOException {
        try (Socket plain = bench.accept(new Call.To("10.44.0.9", 8082, "", "10.44.0.7"));
                Socket socket = bench.keys()
                        .client(
                                plain,
                                "localhost",
                                bench.keys().issue(List.of(spiffe), List.of()),
                                MeshTls.offerTcp())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = new byte[100];
            int length = socket.getInputStream().read(answer);
            return length < 0 ? "" : new String(answer, 0, length, StandardCharsets.US_ASCII);
        } catch (java.net.SocketException | javax.net.ssl.SSLException reset) {
            return "";
        }
    }
}
