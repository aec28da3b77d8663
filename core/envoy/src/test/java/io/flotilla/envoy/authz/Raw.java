package io.flotilla.envoy.authz;

import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.workbench.Workbench;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests as bytes, which clients of a library would not send. */
final class Raw {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private Raw() {}

    /** The status of the answer to a GET of a path as it stands, with these header lines. */
    static int status(Workbench bench, String path, String... headers) throws IOException {
        String answer = send(bench, "GET " + path + " HTTP/1.1", headers);
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /** The whole answer; a line that begins with "host:" takes the place of the usual one. */
    static String send(Workbench bench, String line, String... headers) throws IOException {
        try (Socket socket = bench.accept(new Call.To("10.44.0.9", 8080, "", "10.44.0.7"))) {
            return send(socket, line, headers);
        }
    }

    /** The whole answer to a POST of a body. */
    static String post(Workbench bench, String path, String body) throws IOException {
        try (Socket socket = bench.accept(new Call.To("10.44.0.9", 8080, "", "10.44.0.7"))) {
            write(socket, "POST " + path + " HTTP/1.1", body, "content-length: " + body.length());
            return answer(socket);
        }
    }

    /** The whole answer to a request without a body. */
    static String send(Socket socket, String line, String... headers) throws IOException {
        write(socket, line, "", headers);
        return answer(socket);
    }

    private static void write(Socket socket, String line, String body, String... headers) throws IOException {
        String given = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        String host = given.startsWith("host:") ? "" : "host: server\r\n";
        socket.getOutputStream()
                .write((line + "\r\n" + host + given + "connection: close\r\n\r\n" + body)
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String answer(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return head.toString();
            }
            head.append((char) next);
        }
        Matcher length = LENGTH.matcher(head);
        return head
                + new String(
                        in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0),
                        StandardCharsets.ISO_8859_1);
    }
}
