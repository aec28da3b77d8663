package io.flotilla.e2e.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client to be run inside a pod, where no other tool can be relied on.
 *
 * <pre>
 * http HOST PORT PATH [NAME:VALUE]...   prints the status and the body; 0 is no answer
 * line HOST PORT                        prints the first line that a server-first server sends
 * </pre>
 */
public final class OneCall {
    private static final int TIMEOUT_MILLIS = 10_000;

    private OneCall() {}

    public static void main(String[] arguments) throws IOException {
        String host = arguments[1];
        int port = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("line")) {
            System.out.println(firstLine(host, port));
            return;
        }
        Call call = Call.get(host, port, arguments[3]);
        for (int i = 4; i < arguments.length; i++) {
            String[] header = arguments[i].split(":", 2);
            call = call.with(header[0], header[1]);
        }
        Answer answer = HttpConnection.once(call);
        System.out.println(answer.status());
        System.out.println(answer.status() == 0 ? answer.error() : answer.body());
    }

    private static String firstLine(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return line == null ? "closed" : line;
        } catch (IOException e) {
            return "failed: " + e.getMessage();
        }
    }
}
