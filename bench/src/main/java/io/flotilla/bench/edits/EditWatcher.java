package io.flotilla.bench.edits;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs beside one Envoy. Reads the number of an edit from its standard input, asks until an answer is routed by that
 * edit, and prints the number and the time (System.nanoTime, which all processes of a machine share on Linux).
 * Arguments: address, port, host. Needs nothing but the JDK.
 */
public final class EditWatcher {
    private static final long STEP_NANOS = 5_000_000;
    private static final String LOCATION = "location: ";

    private final String address;
    private final int port;
    private final String request;

    private EditWatcher(String address, int port, String host) {
        this.address = address;
        this.port = port;
        this.request = "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    public static void main(String[] args) throws IOException {
        EditWatcher watcher = new EditWatcher(args[0], Integer.parseInt(args[1]), args[2]);
        BufferedReader edits = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String edit = edits.readLine(); edit != null; edit = edits.readLine()) {
            System.out.println(edit + " " + watcher.await("/edit/" + edit));
        }
    }

    private long await(String path) throws IOException {
        while (true) {
            // No listener yet, or one that is replaced: again.
            try (Socket socket = new Socket(address, port)) {
                socket.setTcpNoDelay(true);
                while (!ask(socket).endsWith(path)) {
                    LockSupport.parkNanos(STEP_NANOS);
                }
                return System.nanoTime();
            } catch (EOFException | ConnectException e) {
                LockSupport.parkNanos(STEP_NANOS);
            }
        }
    }

    /** Where the answer redirects to; empty if nowhere. */
    private String ask(Socket socket) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        String location = "";
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.startsWith(LOCATION)) {
                location = line.substring(LOCATION.length());
            } else if (line.startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring("content-length: ".length()));
            } else if (line.startsWith("transfer-encoding: ")) {
                throw new EOFException("an answer of an application, in chunks");
            }
        }
        in.readNBytes(length);
        return location;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
